package io.eckermann.bench.load;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How many events of one producer are under way. When the window is full, the producer waits until it is half empty, so
 * that it is not woken for each acknowledgement. One thread enters; any thread leaves.
 */
final class Window {
    private static final long LOOK_AGAIN_NS = 100_000_000;

    private final int max;
    private final AtomicInteger used = new AtomicInteger();
    private volatile @Nullable Thread waiting;

    Window(int max) {
        this.max = max;
    }

    /** Takes a place, waiting for one if need be. False, and no place is taken, when the load is stopped. */
    boolean enter(AtomicBoolean stopped) {
        if (stopped.get() || (used.get() >= max && !await(max / 2, stopped))) {
            return false;
        }
        used.incrementAndGet();
        return true;
    }

    void leave() {
        int left = used.decrementAndGet();
        Thread producer = waiting;
        if (producer != null && (left == max / 2 || left == 0)) {
            LockSupport.unpark(producer);
        }
    }

    /** Waits until nothing is under way, at most this long. */
    boolean awaitEmpty(long atMostNs) {
        long end = System.nanoTime() + atMostNs;
        waiting = Thread.currentThread();
        while (used.get() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(this, LOOK_AGAIN_NS);
        }
        waiting = null;
        return used.get() == 0;
    }

    private boolean await(int atMost, AtomicBoolean stopped) {
        waiting = Thread.currentThread();
        while (used.get() > atMost && !stopped.get()) {
            LockSupport.parkNanos(this, LOOK_AGAIN_NS);
        }
        waiting = null;
        return !stopped.get();
    }
}
