package io.eckermann.statemachine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread is about to do, generously. */
public final class Waiting {
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(60);

    private Waiting() {}

    /** Looks again and again; {@code what} is said when it does not come. */
    public static void until(String what, BooleanSupplier holds) {
        long startNs = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - startNs > LONG_NS) {
                throw new AssertionError("Still not so: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
