package io.eckermann.gateway.read;

import java.time.Duration;

/**
 * How long a reader leaves what it was given without asking for more: no time passes while it waits for something to
 * come. Used by whoever pulls.
 */
final class Slowness {
    private final long slowNanos;
    private long givenNanos;
    private boolean given;

    /** @param slowAfter a reader that takes longer than this is slow */
    Slowness(Duration slowAfter) {
        this.slowNanos = slowAfter.toNanos();
    }

    /** It was given something. */
    void gave() {
        given = true;
        givenNanos = System.nanoTime();
    }

    /** It asks for more: how long it left alone what it was given, if that is too long; else zero. */
    Duration asked() {
        long nanos = System.nanoTime() - givenNanos;
        boolean slow = given && nanos >= slowNanos;
        given = false;
        return slow ? Duration.ofNanos(nanos) : Duration.ZERO;
    }
}
