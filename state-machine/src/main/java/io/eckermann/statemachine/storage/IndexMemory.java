package io.eckermann.statemachine.storage;

import org.jspecify.annotations.Nullable;
import org.rocksdb.LRUCache;
import org.rocksdb.WriteBufferManager;

/**
 * Memory that open stores have together: for blocks that were read, and for rows not yet flushed. Closed after all of them.
 * Safe from any thread.
 */
public final class IndexMemory implements AutoCloseable {
    private final StorageSettings settings;
    private @Nullable Pools pools;

    /**
     * RocksDB's own.
     *
     * @param charged what the buffers take is counted in a cache of their own, so that blocks keep theirs
     */
    private record Pools(LRUCache blocks, LRUCache charged, WriteBufferManager buffers) {
        static Pools of(StorageSettings settings) {
            LRUCache charged = new LRUCache(settings.writeBufferBytes());
            return new Pools(
                    new LRUCache(settings.blockCacheBytes()),
                    charged,
                    new WriteBufferManager(settings.writeBufferBytes(), charged));
        }
    }

    /** Takes none yet. */
    public IndexMemory(StorageSettings settings) {
        this.settings = settings;
    }

    /** How much the rows of one family may take before they are flushed, at most. */
    long bufferBytes() {
        return settings.writeBufferBytes();
    }

    LRUCache blocks() {
        return pools().blocks();
    }

    /** Has the store that writes flush when all stores' rows take too much. */
    WriteBufferManager buffers() {
        return pools().buffers();
    }

    /** Once RocksDB's library is loaded. */
    private synchronized Pools pools() {
        Pools made = pools;
        if (made == null) {
            made = Pools.of(settings);
            pools = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        Pools made = pools;
        pools = null;
        if (made != null) {
            made.buffers().close();
            made.charged().close();
            made.blocks().close();
        }
    }
}
