package io.eckermann.statemachine.chunk;

import io.eckermann.protocol.v1.Chunk;

/**
 * A chunk that was just applied, as readers get it.
 *
 * @param chunk its body shares the bytes of the Raft entry that brought it
 * @param sharedBytes how many bytes the run brought whose first chunk this is: they stay in memory as long as a chunk of
 *     the run does; 0 for the run's further chunks, which follow at once
 */
public record NewChunk(long topicId, Chunk chunk, long sharedBytes) {}
