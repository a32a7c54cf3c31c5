package io.eckermann.statemachine.storage;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Tells a damaged index from one that could not be read or written for other reasons. */
public final class IndexDamage {
    private IndexDamage() {}

    /** Whether something failed because the index's files do not hold what was written to them. */
    public static boolean isCauseOf(@Nullable Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof RocksDBException known && isDamage(known)) {
                return true;
            }
        }
        return false;
    }

    /** RocksDB calls it corruption also when it can't open one of the files that it wants, whatever keeps it from that. */
    private static boolean isDamage(RocksDBException failure) {
        Status status = failure.getStatus();
        if (status == null || status.getCode() != Status.Code.Corruption) {
            return false;
        }
        String said = failure.getMessage() + status.getState();
        return !said.contains("IO error") || said.contains("No such file");
    }
}
