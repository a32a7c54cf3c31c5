package io.eckermann.statemachine.storage;

import io.eckermann.statemachine.storage.KeyRanges.KeyRange;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows that were changed and are not in the store yet: of each row only what it came to. Changed by one thread, then read
 * by any.
 */
final class Changes {
    /** What keeping a row in memory costs beside its bytes. */
    private static final int ROW_BYTES = 112;

    /** What became of a row. */
    static final class Row {
        private final byte @Nullable [] value;
        private final boolean fresh;

        private Row(byte @Nullable [] value, boolean fresh) {
            this.value = value;
            this.fresh = fresh;
        }

        /** Null when it was deleted. */
        byte @Nullable [] value() {
            return value;
        }

        /** The store below never held it, so that deleting it leaves nothing to be done. */
        boolean fresh() {
            return fresh;
        }
    }

    private static final Row DELETED = new Row(null, false);

    private final Map<Family, NavigableMap<byte[], Row>> rows = new EnumMap<>(Family.class);
    /** Deleted before the rows are put. */
    private final Map<Family, KeyRanges> deletedRanges = new EnumMap<>(Family.class);

    private long sizeBytes;

    Changes() {
        for (Family family : Family.values()) {
            rows.put(family, new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    void put(Family family, byte[] key, byte[] value, boolean fresh) {
        Row before = of(family).put(key, new Row(value, fresh));
        count(key, before, value.length);
        if (before != null && before.fresh() != fresh) {
            of(family).put(key, new Row(value, before.fresh()));
        }
    }

    void delete(Family family, byte[] key) {
        Row before = of(family).get(key);
        if (before != null && before.fresh()) {
            of(family).remove(key);
            return;
        }
        of(family).put(key, DELETED);
        count(key, before, 0);
    }

    private void count(byte[] key, @Nullable Row before, int valueBytes) {
        byte[] replaced = before == null ? null : before.value();
        sizeBytes += valueBytes - (replaced == null ? 0 : replaced.length);
        sizeBytes += before == null ? key.length + ROW_BYTES : 0;
    }

    void deleteRange(Family family, byte[] from, byte[] to) {
        if (Arrays.compareUnsigned(from, to) >= 0) {
            return;
        }
        of(family).subMap(from, true, to, false).clear();
        deletedRanges.computeIfAbsent(family, any -> new KeyRanges()).add(from, to);
        sizeBytes += from.length + to.length + ROW_BYTES;
    }

    /** What became of the row, or null when that was left as it is. */
    @Nullable
    Row find(Family family, byte[] key) {
        Row row = of(family).get(key);
        return row == null && isInDeletedRange(family, key) ? DELETED : row;
    }

    boolean isInDeletedRange(Family family, byte[] key) {
        KeyRanges ranges = deletedRanges.get(family);
        return ranges != null && ranges.contains(key);
    }

    /** The changed rows of a family; to be read only. */
    NavigableMap<byte[], Row> of(Family family) {
        return Objects.requireNonNull(rows.get(family));
    }

    List<KeyRange> deletedRanges(Family family) {
        KeyRanges ranges = deletedRanges.get(family);
        return ranges == null ? List.of() : ranges.all();
    }

    boolean isEmpty() {
        return sizeBytes == 0;
    }

    /** Roughly how much memory they take. */
    long sizeBytes() {
        return sizeBytes;
    }
}
