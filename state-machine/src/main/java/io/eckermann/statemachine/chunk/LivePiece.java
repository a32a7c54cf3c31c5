package io.eckermann.statemachine.chunk;

/**
 * Bytes of a body that some chunk needs.
 *
 * @param crc32c of the bytes
 */
public record LivePiece(ChunkAddress address, int crc32c) {}
