package io.eckermann.statemachine;

/**
 * A topic and one of its keys at one moment.
 *
 * @param version how many events of the key there were, also those that were removed since
 * @param last position of its last event, 0 when there is none, or it was removed
 */
public record KeyState(TopicState topic, long version, long last) {}
