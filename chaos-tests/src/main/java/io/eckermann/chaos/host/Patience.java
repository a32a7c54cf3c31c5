package io.eckermann.chaos.host;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits. */
public final class Patience {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private Patience() {}

    /** Lets time pass; ends early when the thread is interrupted. */
    public static void rest(Duration time) throws InterruptedException {
        long endNs = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = endNs - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** Waits for a condition; says whether it came true. */
    public static boolean until(Duration atMost, Callable<Boolean> condition) throws Exception {
        long startNs = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - startNs > atMost.toNanos()) {
                return false;
            }
            rest(LOOK_AGAIN);
        }
        return true;
    }
}
