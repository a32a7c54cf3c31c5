package io.eckermann.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes of all appends that wait for their acknowledgement. Whoever must wait is let in by turns, so that a large append
 * gets its room among many small ones. Thread safe.
 */
final class Budget {
    /** So that those who wait are let in when there is room for many appends, not for one each time. */
    private static final int WOKEN_AT_FREE_PART = 16;
    /** They look by themselves this often: what is free may be enough for them all the same. */
    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final long max;
    private final AtomicLong used = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock. */
    private final ArrayDeque<Waiter> queue = new ArrayDeque<>();
    /** How many are in the queue; changed under the lock, read without it to see that nobody waits. */
    private volatile int waiters;

    /** Guarded by the lock. */
    private static final class Waiter {
        private final long bytes;
        private final Condition turn;
        private boolean in;

        private Waiter(long bytes, Condition turn) {
            this.bytes = bytes;
            this.turn = turn;
        }
    }

    Budget(long max) {
        this.max = max;
    }

    /** Takes bytes, waiting for room at most so long; false when there was none. At least one taker is let in. */
    boolean take(long bytes, Duration wait) throws InterruptedException {
        return (waiters == 0 && tryTake(bytes)) || takeLater(bytes, System.nanoTime() + wait.toNanos());
    }

    private boolean tryTake(long bytes) {
        for (long before = used.get(); before == 0 || before + bytes <= max; before = used.get()) {
            if (used.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
        return false;
    }

    private boolean takeLater(long bytes, long deadlineNs) throws InterruptedException {
        lock.lock();
        try {
            Waiter me = new Waiter(bytes, lock.newCondition());
            queue.add(me);
            try {
                letIn();
                for (long leftNs = deadlineNs - System.nanoTime();
                        !me.in && leftNs > 0;
                        leftNs = deadlineNs - System.nanoTime()) {
                    long ignored = me.turn.awaitNanos(Math.min(leftNs, LOOK_AGAIN_NS));
                    letIn();
                }
            } catch (InterruptedException e) {
                if (!me.in) {
                    throw e;
                }
                Thread.currentThread().interrupt();
            } finally {
                if (!me.in) {
                    queue.remove(me);
                    letIn();
                }
            }
            return me.in;
        } finally {
            lock.unlock();
        }
    }

    /** Takes for the first ones of the queue what they wait for, as far as there is room. */
    private void letIn() {
        for (Waiter first = queue.peek(); first != null && tryTake(first.bytes); first = queue.peek()) {
            queue.remove();
            first.in = true;
            first.turn.signal();
        }
        waiters = queue.size();
    }

    void give(long bytes) {
        long left = used.addAndGet(-bytes);
        assert left >= 0 : left;
        if (waiters > 0 && left <= max - max / WOKEN_AT_FREE_PART) {
            lock.lock();
            try {
                letIn();
            } finally {
                lock.unlock();
            }
        }
    }

    long used() {
        return used.get();
    }
}
