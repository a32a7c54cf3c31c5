package io.eckermann.client;

import java.time.Duration;
import java.time.Instant;

/** Nanoseconds since 1970-01-01T00:00:00Z, as the wire has them, and what they are in java.time. */
final class Nanos {
    private static final long PER_SECOND = 1_000_000_000L;

    private Nanos() {}

    static Instant instant(long ns) {
        return Instant.ofEpochSecond(Math.floorDiv(ns, PER_SECOND), Math.floorMod(ns, PER_SECOND));
    }

    static long of(Instant time) {
        try {
            return Duration.between(Instant.EPOCH, time).toNanos();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("Times are within the years 1678 to 2262; this is " + time + ".", e);
        }
    }
}
