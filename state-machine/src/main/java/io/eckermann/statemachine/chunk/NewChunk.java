package io.eckermann.statemachine.chunk;

import io.eckermann.protocol.v1.Chunk;

/**
 * A chunk that was just applied, as readers get it.
 *
 * @param chunk its body shares the bytes of the Raft entry that brought it
 */
public record NewChunk(long topicId, Chunk chunk) {}
