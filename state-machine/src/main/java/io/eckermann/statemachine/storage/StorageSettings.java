package io.eckermann.statemachine.storage;

/**
 * How much memory states take, one or several together.
 *
 * @param blockCacheBytes for blocks that were read
 * @param writeBufferBytes for rows not yet flushed, of all families together
 * @param tailBytes for the newest chunks, kept in the heap for readers at the tail; 0 keeps none
 */
public record StorageSettings(long blockCacheBytes, long writeBufferBytes, long tailBytes) {
    public static final StorageSettings DEFAULTS = new StorageSettings(32L << 20, 32L << 20, 32L << 20);

    /** The defaults, but for the tail. */
    public static StorageSettings withTail(long tailBytes) {
        return new StorageSettings(DEFAULTS.blockCacheBytes, DEFAULTS.writeBufferBytes, tailBytes);
    }

    public StorageSettings {
        if (blockCacheBytes < 1 << 20 || writeBufferBytes < 1 << 20) {
            throw new IllegalArgumentException("The block cache and the write buffers need at least 1 MiB each.");
        }
    }
}
