package io.eckermann.gateway.cluster;

import java.time.Clock;
import java.time.Instant;

/** The time of day as nanoseconds since 1970-01-01T00:00:00Z. */
public final class Nanos {
    private static final long PER_SECOND = 1_000_000_000L;

    private Nanos() {}

    public static long of(Clock clock) {
        Instant now = clock.instant();
        return now.getEpochSecond() * PER_SECOND + now.getNano();
    }
}
