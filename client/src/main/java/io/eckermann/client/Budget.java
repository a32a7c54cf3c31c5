package io.eckermann.client;

import java.time.Duration;

/** Bytes of all appends that wait for their acknowledgement. Thread safe. */
final class Budget {
    private final long max;
    private long used;

    Budget(long max) {
        this.max = max;
    }

    /** Takes bytes, waiting for room at most so long; false when there was none. At least one taker is let in. */
    synchronized boolean take(long bytes, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (used > 0 && used + bytes > max) {
            long leftMs = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return false;
            }
            wait(leftMs);
        }
        used += bytes;
        return true;
    }

    synchronized void give(long bytes) {
        used -= bytes;
        assert used >= 0 : used;
        notifyAll();
    }

    synchronized long used() {
        return used;
    }
}
