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
            if (each instanceof RocksDBException known
                    && known.getStatus() != null
                    && known.getStatus().getCode() == Status.Code.Corruption) {
                return true;
            }
        }
        return false;
    }
}
