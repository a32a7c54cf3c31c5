package io.eckermann.statemachine.storage;

import io.eckermann.statemachine.StorageFailure;
import io.eckermann.statemachine.storage.KeyRanges.KeyRange;
import java.util.List;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.Range;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;

/**
 * Has RocksDB give back the bytes of rows that were deleted in ranges. What single deletions leave it gives back by itself,
 * see {@link StoreOptions}. {@link #deleted} is told by the thread that writes, {@link #compact} runs on one other thread,
 * {@link #close} on any.
 */
final class IndexCompaction implements AutoCloseable {
    private final RocksDB db;
    private final DeadRanges dead = new DeadRanges();
    private final CompactRangeOptions quietly = new CompactRangeOptions()
            .setExclusiveManualCompaction(false)
            .setAllowWriteStall(false)
            .setMaxSubcompactions(1);

    private volatile boolean ending;

    IndexCompaction(RocksDB db) {
        this.db = db;
    }

    /** Rows in these ranges were deleted. */
    void deleted(Family family, List<KeyRange> ranges) {
        dead.add(family, ranges);
    }

    /**
     * Compacts the ranges of a family that take so many bytes.
     *
     * @return about how many bytes that gave back
     */
    long compact(Family family, ColumnFamilyHandle handle, long bytesMin) {
        long given = 0;
        try {
            for (KeyRange range : dead.of(family)) {
                long before = ending ? 0 : bytes(handle, range);
                if (before < bytesMin) {
                    continue;
                }
                db.compactRange(handle, range.from(), range.to(), quietly);
                long after = bytes(handle, range);
                given += Math.max(0, before - after);
                if (after < bytesMin) {
                    // Otherwise a reader of older rows was in the way.
                    dead.remove(family, range);
                }
            }
        } catch (RocksDBException e) {
            if (!ending) {
                throw new StorageFailure("The index could not be compacted.", e);
            }
        }
        return given;
    }

    private long bytes(ColumnFamilyHandle handle, KeyRange range) {
        try (Slice from = new Slice(range.from());
                Slice to = new Slice(range.to())) {
            return db.getApproximateSizes(handle, List.of(new Range(from, to)), SizeApproximationFlag.INCLUDE_FILES)[0];
        }
    }

    /** Ends a compaction under way, and lets no other begin. */
    void end() {
        ending = true;
        quietly.setCanceled(true);
    }

    /** After {@link #end}, when nobody is within {@link #compact} any more. */
    @Override
    public void close() {
        quietly.close();
    }
}
