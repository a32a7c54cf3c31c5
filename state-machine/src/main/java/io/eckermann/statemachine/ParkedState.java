package io.eckermann.statemachine;

/**
 * An event that a group has set aside.
 *
 * @param attempts how often it was leased
 * @param key empty when it has none, or when the group is not ordered by key
 */
public record ParkedState(long position, int attempts, String reason, long parkedNs, String key) {}
