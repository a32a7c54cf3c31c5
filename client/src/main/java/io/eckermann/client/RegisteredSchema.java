package io.eckermann.client;

/**
 * The newest version of a type's schema.
 *
 * @param created false when it was there before, and the same
 */
public record RegisteredSchema(PayloadSchema schema, boolean created) {}
