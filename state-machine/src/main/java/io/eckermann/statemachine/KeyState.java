package io.eckermann.statemachine;

/**
 * A topic and one of its keys at one moment.
 *
 * @param version how many events of the key there were
 * @param last position of its last event, 0 when there is none
 */
public record KeyState(TopicState topic, long version, long last) {}
