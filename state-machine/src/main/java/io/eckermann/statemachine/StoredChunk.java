package io.eckermann.statemachine;

import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.chunk.ChunkAddress;

/**
 * A chunk with the place of its body.
 *
 * @param address of the whole body, also when other chunks share it
 */
public record StoredChunk(ChunkAddress address, Chunk chunk) {}
