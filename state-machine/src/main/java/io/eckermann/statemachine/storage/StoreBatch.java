package io.eckermann.statemachine.storage;

import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StorageFailure;
import io.eckermann.statemachine.storage.Changes.Row;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * What applied entries changed, in memory, over the store: reads see it at once, the store gets it later, many entries
 * at a time and each of them wholly or not at all.
 *
 * <p>Changes collect until {@link #seal}; then {@link #write} may put them into the store while new ones collect above
 * them. At most one sealed set is under way.
 *
 * <p>Threads: everything but {@link #write} belongs to the apply thread, or to who keeps it from running; write may run
 * beside it on one other thread.
 */
public final class StoreBatch implements RowReader {
    private final Store store;
    private Changes open = new Changes();
    /** Null when all sealed changes are in the store. */
    private volatile @Nullable Changes sealed;

    StoreBatch(Store store) {
        this.store = store;
    }

    public void put(Family family, byte[] key, byte[] value) {
        open.put(family, key, value, false);
    }

    /** As {@link #put}, for a key that no row ever had before: when it is deleted soon, the store never hears of it. */
    public void putFresh(Family family, byte[] key, byte[] value) {
        open.put(family, key, value, true);
    }

    public void delete(Family family, byte[] key) {
        open.delete(family, key);
    }

    /** Deletes the rows from {@code from} inclusive to {@code to} exclusive. */
    public void deleteRange(Family family, byte[] from, byte[] to) {
        open.deleteRange(family, from, to);
    }

    @Override
    public byte @Nullable [] find(Family family, byte[] key) {
        Row change = open.find(family, key);
        if (change == null) {
            Changes below = sealed;
            change = below == null ? null : below.find(family, key);
        }
        if (change != null) {
            return change.value();
        }
        try {
            return store.find(store.latest(), family, key);
        } catch (RocksDBException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void ascend(Family family, byte[] from, byte[] to, RowVisitor visitor) {
        Changes under = sealed;
        Merge top = Merge.ascending(open, family, from, to, visitor);
        Merge bottom = under == null ? top : Merge.ascending(under, family, from, to, top);
        try {
            store.ascend(store.latest(), family, from, to, bottom);
        } catch (RocksDBException e) {
            throw unreadable(e);
        }
        bottom.rest();
        top.rest();
    }

    @Override
    public void descend(Family family, byte[] from, byte[] to, RowVisitor visitor) {
        Changes under = sealed;
        Merge top = Merge.descending(open, family, from, to, visitor);
        Merge bottom = under == null ? top : Merge.descending(under, family, from, to, top);
        try {
            store.descend(store.latest(), family, from, to, bottom);
        } catch (RocksDBException e) {
            throw unreadable(e);
        }
        bottom.rest();
        top.rest();
    }

    /** Roughly how much memory the changes take that are not sealed yet. */
    public long openBytes() {
        return open.sizeBytes();
    }

    /** Ends a set of changes, which brings the store to {@code applied}; the one before must be written. */
    public void seal(RaftIndex applied) {
        assert sealed == null : "one set is under way";
        open.put(Family.LOCAL, LocalKeys.APPLIED, LocalKeys.encode(applied), false);
        sealed = open;
        open = new Changes();
    }

    /** Puts the sealed set into the store, atomically. Durable with the next flush. */
    public void write() {
        Changes writing = sealed;
        if (writing == null) {
            throw new IllegalStateException("nothing is sealed");
        }
        store.write(writing);
        sealed = null;
    }

    /** Seals and writes. */
    public void commit(RaftIndex applied) {
        seal(applied);
        write();
    }

    private static StorageFailure unreadable(RocksDBException e) {
        return new StorageFailure("The index could not be read while an entry was applied.", e);
    }

    /** Lays changes over the rows below while those go by in order. The visitor may change rows it has been shown. */
    private static final class Merge implements RowVisitor {
        private final Changes changes;
        private final Family family;
        /** In the order in which the rows go by. */
        private final NavigableMap<byte[], Row> changed;

        private final boolean rising;
        private final RowVisitor visitor;
        private Map.@Nullable Entry<byte[], Row> next;
        private boolean going = true;

        private Merge(
                Changes changes, Family family, NavigableMap<byte[], Row> changed, boolean rising, RowVisitor visitor) {
            this.changes = changes;
            this.family = family;
            this.changed = changed;
            this.rising = rising;
            this.visitor = visitor;
            next = changed.firstEntry();
        }

        static Merge ascending(Changes changes, Family family, byte[] from, byte[] to, RowVisitor visitor) {
            boolean any = Arrays.compareUnsigned(from, to) < 0;
            NavigableMap<byte[], Row> rows = changes.of(family).subMap(from, true, any ? to : from, false);
            return new Merge(changes, family, rows, true, visitor);
        }

        static Merge descending(Changes changes, Family family, byte[] from, byte[] to, RowVisitor visitor) {
            boolean any = Arrays.compareUnsigned(to, from) <= 0;
            NavigableMap<byte[], Row> rows = changes.of(family).subMap(to, true, any ? from : to, any);
            return new Merge(changes, family, rows.descendingMap(), false, visitor);
        }

        @Override
        public boolean row(byte[] key, byte[] value) {
            int order = -1;
            while (going && next != null) {
                int rank = Arrays.compareUnsigned(next.getKey(), key);
                order = rising ? rank : -rank;
                if (order > 0) {
                    break;
                }
                showNext();
                if (order == 0) {
                    return going;
                }
            }
            if (going && !changes.isInDeletedRange(family, key)) {
                going = visitor.row(key, value);
            }
            return going;
        }

        void rest() {
            while (going && next != null) {
                showNext();
            }
        }

        private void showNext() {
            Map.Entry<byte[], Row> shown = next;
            if (shown == null) {
                return;
            }
            byte[] value = shown.getValue().value();
            if (value != null) {
                going = visitor.row(shown.getKey(), value);
            }
            next = changed.higherEntry(shown.getKey());
        }
    }
}
