package io.eckermann.statemachine.storage;

import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StorageFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * All that one applied entry changes, written at once or not at all. Reads see the batch's own changes. On the apply
 * thread only.
 */
public final class StoreBatch implements RowReader {
    private final Store store;
    /** Written before the changes: a change made before its range was deleted is taken out of the map. */
    private final List<KeyRange> deletedRanges = new ArrayList<>();
    /** Empty: the row is deleted. */
    private final Map<Family, NavigableMap<byte[], Optional<byte[]>>> changes = new EnumMap<>(Family.class);

    StoreBatch(Store store) {
        this.store = store;
    }

    public void put(Family family, byte[] key, byte[] value) {
        changesOf(family).put(key, Optional.of(value));
    }

    public void delete(Family family, byte[] key) {
        changesOf(family).put(key, Optional.empty());
    }

    /** Deletes the rows from {@code from} inclusive to {@code to} exclusive, also those of this batch. */
    public void deleteRange(Family family, byte[] from, byte[] to) {
        changesOf(family).subMap(from, true, to, false).clear();
        deletedRanges.add(new KeyRange(family, from, to));
    }

    @Override
    public byte @Nullable [] find(Family family, byte[] key) {
        Optional<byte[]> change = changesOf(family).get(key);
        if (change != null) {
            return change.orElse(null);
        }
        try {
            return isDeleted(family, key) ? null : store.find(store.latest(), family, key);
        } catch (RocksDBException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void ascend(Family family, byte[] from, byte[] to, RowVisitor visitor) {
        Merge merge = new Merge(family, changesOf(family).subMap(from, true, to, false), visitor);
        try {
            store.ascend(store.latest(), family, from, to, merge);
        } catch (RocksDBException e) {
            throw unreadable(e);
        }
        merge.rest();
    }

    /** Writes everything, with {@code applied}, atomically. Durable with the next flush. */
    public void commit(RaftIndex applied) {
        put(Family.LOCAL, LocalKeys.APPLIED, LocalKeys.encode(applied));
        store.write(deletedRanges, changes);
    }

    private NavigableMap<byte[], Optional<byte[]>> changesOf(Family family) {
        return changes.computeIfAbsent(family, any -> new TreeMap<>(Arrays::compareUnsigned));
    }

    private boolean isDeleted(Family family, byte[] key) {
        for (KeyRange range : deletedRanges) {
            if (range.holds(family, key)) {
                return true;
            }
        }
        return false;
    }

    private static StorageFailure unreadable(RocksDBException e) {
        return new StorageFailure("The index could not be read while an entry was applied.", e);
    }

    /** Lays the batch's changes over the rows below while those go by in order. */
    private final class Merge implements RowVisitor {
        private final Family family;
        private final Iterator<Map.Entry<byte[], Optional<byte[]>>> pending;
        private final RowVisitor visitor;
        private Map.@Nullable Entry<byte[], Optional<byte[]>> next;
        private boolean going = true;

        Merge(Family family, NavigableMap<byte[], Optional<byte[]>> changes, RowVisitor visitor) {
            this.family = family;
            // A copy: the visitor may change the batch.
            pending = new TreeMap<>(changes).entrySet().iterator();
            this.visitor = visitor;
            step();
        }

        @Override
        public boolean row(byte[] key, byte[] value) {
            while (going && next != null && Arrays.compareUnsigned(next.getKey(), key) < 0) {
                showNext();
            }
            if (going && next != null && Arrays.equals(next.getKey(), key)) {
                showNext();
            } else if (going && !isDeleted(family, key)) {
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
            Map.Entry<byte[], Optional<byte[]>> shown = next;
            step();
            if (shown != null && shown.getValue().isPresent()) {
                going = visitor.row(shown.getKey(), shown.getValue().get());
            }
        }

        private void step() {
            next = pending.hasNext() ? pending.next() : null;
        }
    }
}
