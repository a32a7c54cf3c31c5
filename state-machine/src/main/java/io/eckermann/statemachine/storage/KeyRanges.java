package io.eckermann.statemachine.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Ranges of keys, from inclusive to exclusive; those that touch are one. */
final class KeyRanges {
    /** By where they begin, and disjoint. */
    private final NavigableMap<byte[], byte[]> ends = new TreeMap<>(Arrays::compareUnsigned);

    /** One of them; not empty. */
    static final class KeyRange {
        private final byte[] from;
        private final byte[] to;

        private KeyRange(byte[] from, byte[] to) {
            this.from = from;
            this.to = to;
        }

        byte[] from() {
            return from;
        }

        byte[] to() {
            return to;
        }
    }

    void add(byte[] from, byte[] to) {
        byte[] begin = from;
        byte[] end = to;
        Map.Entry<byte[], byte[]> touching = ends.floorEntry(end);
        while (touching != null && Arrays.compareUnsigned(touching.getValue(), begin) >= 0) {
            begin = Arrays.compareUnsigned(touching.getKey(), begin) < 0 ? touching.getKey() : begin;
            end = Arrays.compareUnsigned(touching.getValue(), end) > 0 ? touching.getValue() : end;
            ends.remove(touching.getKey());
            touching = ends.floorEntry(end);
        }
        ends.put(begin, end);
    }

    boolean contains(byte[] key) {
        Map.Entry<byte[], byte[]> range = ends.floorEntry(key);
        return range != null && Arrays.compareUnsigned(key, range.getValue()) < 0;
    }

    /** Forgets a range, unless it has grown. */
    void remove(KeyRange range) {
        byte[] end = ends.get(range.from());
        if (end != null && Arrays.equals(end, range.to())) {
            ends.remove(range.from());
        }
    }

    int size() {
        return ends.size();
    }

    /** In the order of their keys. */
    List<KeyRange> all() {
        List<KeyRange> all = new ArrayList<>(ends.size());
        ends.forEach((from, to) -> all.add(new KeyRange(from, to)));
        return all;
    }
}
