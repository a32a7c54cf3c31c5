package io.eckermann.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes of all appends that wait for their acknowledgement. Thread safe. */
final class Budget {
    /** So that those who wait are woken when there is room for many appends, not for one each time. */
    private static final int WOKEN_AT_FREE_PART = 16;
    /** They look by themselves this often: what is free may be enough for them all the same. */
    private static final long LOOK_AGAIN_MS = 20;

    private final long max;
    private final AtomicLong used = new AtomicLong();
    /** Guarded by this; read without it to see that nobody waits. */
    private volatile int waiters;

    Budget(long max) {
        this.max = max;
    }

    /** Takes bytes, waiting for room at most so long; false when there was none. At least one taker is let in. */
    boolean take(long bytes, Duration wait) throws InterruptedException {
        return tryTake(bytes) || takeLater(bytes, System.nanoTime() + wait.toNanos());
    }

    private boolean tryTake(long bytes) {
        for (long before = used.get(); before == 0 || before + bytes <= max; before = used.get()) {
            if (used.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
        return false;
    }

    private synchronized boolean takeLater(long bytes, long deadlineNs) throws InterruptedException {
        waiters++;
        try {
            while (!tryTake(bytes)) {
                long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    return false;
                }
                wait(Math.min(leftMs, LOOK_AGAIN_MS));
            }
            return true;
        } finally {
            waiters--;
        }
    }

    void give(long bytes) {
        long left = used.addAndGet(-bytes);
        assert left >= 0 : left;
        if (waiters > 0 && left <= max - max / WOKEN_AT_FREE_PART) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    long used() {
        return used.get();
    }
}
