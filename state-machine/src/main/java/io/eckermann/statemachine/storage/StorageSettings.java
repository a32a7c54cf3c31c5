package io.eckermann.statemachine.storage;

/**
 * How much memory the index takes.
 *
 * @param blockCacheBytes for blocks that were read
 * @param writeBufferBytes for rows not yet flushed, of all families together
 * @param tailBytes for the newest chunks, kept in the heap for readers at the tail; 0 keeps none
 */
public record StorageSettings(long blockCacheBytes, long writeBufferBytes, long tailBytes) {
    private static final long SHARE_MIN = 2L << 20;

    public static final StorageSettings DEFAULTS = new StorageSettings(32L << 20, 32L << 20, 32L << 20);

    /** The defaults, but for the tail. */
    public static StorageSettings withTail(long tailBytes) {
        return new StorageSettings(DEFAULTS.blockCacheBytes, DEFAULTS.writeBufferBytes, tailBytes);
    }

    /** What one of so many that share this may have. */
    public StorageSettings share(int count) {
        return count == 1
                ? this
                : new StorageSettings(
                        Math.max(SHARE_MIN, blockCacheBytes / count),
                        Math.max(SHARE_MIN, writeBufferBytes / count),
                        tailBytes / count);
    }

    public StorageSettings {
        if (blockCacheBytes < 1 << 20 || writeBufferBytes < 1 << 20) {
            throw new IllegalArgumentException("The block cache and the write buffers need at least 1 MiB each.");
        }
    }
}
