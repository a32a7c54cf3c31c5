package io.eckermann.statemachine.storage;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/**
 * Reads rows at the moment of its making; for one thread at a time, and to be closed soon, as it keeps old rows alive. Or, when made
 * without a moment, the newest rows each time; for any thread.
 */
public final class StoreReader implements RowReader, AutoCloseable {
    private final Store store;
    private final RocksDB db;
    private final @Nullable Snapshot moment;
    private final ReadOptions options;

    private StoreReader(Store store, RocksDB db, @Nullable Snapshot moment, ReadOptions options) {
        this.store = store;
        this.db = db;
        this.moment = moment;
        this.options = options;
    }

    static StoreReader ofNow(Store store, RocksDB db) {
        Snapshot moment = db.getSnapshot();
        return new StoreReader(store, db, moment, new ReadOptions().setSnapshot(moment));
    }

    static StoreReader ofScan(Store store, RocksDB db) {
        Snapshot moment = db.getSnapshot();
        return new StoreReader(
                store, db, moment, new ReadOptions().setSnapshot(moment).setFillCache(false));
    }

    /** Needs no closing; the options stay the caller's. */
    static StoreReader ofLatest(Store store, RocksDB db, ReadOptions latest) {
        return new StoreReader(store, db, null, latest);
    }

    @Override
    public byte @Nullable [] find(Family family, byte[] key) {
        try {
            return store.find(options, family, key);
        } catch (RocksDBException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void ascend(Family family, byte[] from, byte[] to, RowVisitor visitor) {
        try {
            store.ascend(options, family, from, to, visitor);
        } catch (RocksDBException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void descend(Family family, byte[] from, byte[] to, RowVisitor visitor) {
        try {
            store.descend(options, family, from, to, visitor);
        } catch (RocksDBException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void close() {
        if (moment != null) {
            options.close();
            db.releaseSnapshot(moment);
            moment.close();
        }
    }

    private static StoreException unreadable(RocksDBException e) {
        if (IndexDamage.isCauseOf(e)) {
            return new StoreException(
                    ErrorCode.DATA_CORRUPT, "This node's index is damaged: let the node be rebuilt from its peers.", e);
        }
        return new StoreException(
                ErrorCode.INTERNAL, "This node's index could not be read: look at its disk and its log.", e);
    }
}
