package io.eckermann.statemachine.storage;

/**
 * How much memory the index takes.
 *
 * @param blockCacheBytes for blocks that were read
 * @param writeBufferBytes for rows not yet flushed, of all families together
 */
public record StorageSettings(long blockCacheBytes, long writeBufferBytes) {
    public static final StorageSettings DEFAULTS = new StorageSettings(32L << 20, 32L << 20);

    public StorageSettings {
        if (blockCacheBytes < 1 << 20 || writeBufferBytes < 1 << 20) {
            throw new IllegalArgumentException("The block cache and the write buffers need at least 1 MiB each.");
        }
    }
}
