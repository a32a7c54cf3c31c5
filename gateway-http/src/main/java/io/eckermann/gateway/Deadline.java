package io.eckermann.gateway;

import java.time.Duration;

/**
 * When one call must have its answer, however many steps it takes.
 *
 * @param atNanos on the clock of {@link System#nanoTime}
 */
public record Deadline(long atNanos) {
    private static final Duration LONGEST = Duration.ofDays(1);

    public static Deadline after(Duration timeout) {
        Duration bounded = timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
        return new Deadline(System.nanoTime() + bounded.toNanos());
    }

    /** Never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, atNanos - System.nanoTime()));
    }
}
