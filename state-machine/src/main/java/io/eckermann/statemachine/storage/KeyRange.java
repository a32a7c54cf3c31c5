package io.eckermann.statemachine.storage;

import java.util.Arrays;

/** A half-open range of a family's keys. */
final class KeyRange {
    final Family family;
    final byte[] from;
    final byte[] to;

    KeyRange(Family family, byte[] from, byte[] to) {
        this.family = family;
        this.from = from;
        this.to = to;
    }

    boolean holds(Family other, byte[] key) {
        return other == family && Arrays.compareUnsigned(key, from) >= 0 && Arrays.compareUnsigned(key, to) < 0;
    }
}
