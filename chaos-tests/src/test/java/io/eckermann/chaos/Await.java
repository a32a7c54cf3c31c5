package io.eckermann.chaos;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition that nobody signals. */
final class Await {
    /** For the busiest machine: it costs nothing where all goes well. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private Await() {}

    static void until(String what, Callable<Boolean> condition) throws Exception {
        long startNs = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - startNs > PATIENCE.toNanos()) {
                throw new AssertionError("Not within " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }
}
