package io.eckermann.statemachine.storage;

/**
 * What RocksDB tells of itself at one moment, of all families together.
 *
 * @param memtableBytes of rows in memory that are not on the disk yet, and of what is being flushed
 * @param blockCacheBytes of blocks of files that are kept in memory, of all indexes that share that
 * @param blockCachePinnedBytes of these, what can't be dropped now
 * @param tableBytes of live files
 * @param compactionPendingBytes roughly, what has to be rewritten until files are in the order wanted
 * @param compactionsRunning on threads of RocksDB
 * @param flushesRunning on threads of RocksDB
 * @param openSnapshots moments that readers hold
 * @param isWriteStopped whether writes wait for compaction
 */
public record IndexFigures(
        long memtableBytes,
        long blockCacheBytes,
        long blockCachePinnedBytes,
        long tableBytes,
        long compactionPendingBytes,
        long compactionsRunning,
        long flushesRunning,
        long openSnapshots,
        boolean isWriteStopped) {
    /** Of two indexes together, which share their block cache. */
    public IndexFigures plus(IndexFigures other) {
        return new IndexFigures(
                memtableBytes + other.memtableBytes,
                Math.max(blockCacheBytes, other.blockCacheBytes),
                Math.max(blockCachePinnedBytes, other.blockCachePinnedBytes),
                tableBytes + other.tableBytes,
                compactionPendingBytes + other.compactionPendingBytes,
                compactionsRunning + other.compactionsRunning,
                flushesRunning + other.flushesRunning,
                openSnapshots + other.openSnapshots,
                isWriteStopped || other.isWriteStopped);
    }
}
