package io.eckermann.statemachine.chunk;

/**
 * Where a chunk's body lies: the same on every replica.
 *
 * @param raftIndex of the entry that holds it
 * @param ordinal which of the entry's steps holds it, from 0
 * @param offset in that step's body, in bytes
 * @param length in bytes
 */
public record ChunkAddress(long raftIndex, int ordinal, int offset, int length) {}
