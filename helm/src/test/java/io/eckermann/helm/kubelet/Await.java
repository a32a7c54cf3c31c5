package io.eckermann.helm.kubelet;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition that nobody signals. */
final class Await {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private Await() {}

    static void until(String what, Duration patience, Callable<Boolean> condition) throws Exception {
        long startNs = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - startNs > patience.toNanos()) {
                throw new AssertionError("Not within " + patience + ": " + what);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /** Lets time pass that the rendered objects ask for. */
    static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
