package io.eckermann.statemachine;

/**
 * A consumer's committed position in a topic.
 *
 * @param position the last event it is done with, 0 for none
 * @param committedNs the leader's time of the commit
 */
public record CursorState(String consumer, long topicId, long position, long committedNs) {}
