package io.eckermann.statemachine.storage;

import io.eckermann.statemachine.storage.KeyRanges.KeyRange;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Ranges of rows that were deleted at once: RocksDB does not notice how many they are, so it keeps their bytes until it
 * happens to come by. A restart forgets them; then it comes by within a week. Thread safe.
 */
final class DeadRanges {
    /** Of a family. What is beyond waits for RocksDB. */
    private static final int RANGES_MAX = 1_024;

    private final Map<Family, KeyRanges> ranges = new EnumMap<>(Family.class);

    synchronized void add(Family family, List<KeyRange> deleted) {
        KeyRanges ofFamily = ranges.computeIfAbsent(family, none -> new KeyRanges());
        for (KeyRange range : deleted) {
            if (ofFamily.size() < RANGES_MAX) {
                ofFamily.add(range.from(), range.to());
            }
        }
    }

    synchronized List<KeyRange> of(Family family) {
        KeyRanges ofFamily = ranges.get(family);
        return ofFamily == null ? List.of() : ofFamily.all();
    }

    /** Its bytes are gone, unless more were deleted beside it. */
    synchronized void remove(Family family, KeyRange range) {
        KeyRanges ofFamily = ranges.get(family);
        if (ofFamily != null) {
            ofFamily.remove(range);
        }
    }
}
