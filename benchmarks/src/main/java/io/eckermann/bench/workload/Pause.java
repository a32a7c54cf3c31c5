package io.eckermann.bench.workload;

import java.util.concurrent.locks.LockSupport;

/** Waiting for a time, which is what a measurement does. */
final class Pause {
    private Pause() {}

    /** Returns at this System.nanoTime(), or a little later. */
    static void until(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
