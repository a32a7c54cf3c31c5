package io.eckermann.statemachine;

/**
 * Where superseded events are to be looked for.
 *
 * @param from position of the first event of a chunk
 * @param to position of the last event of a chunk, at least from
 */
public record CompactionDue(long topicId, long from, long to) {}
