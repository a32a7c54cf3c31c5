package io.eckermann.client;

/**
 * The answer to a creation.
 *
 * @param created false when the topic existed already, with these settings
 */
public record CreatedTopic(Topic topic, boolean created) {}
