package io.eckermann.gateway.http;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes of request bodies that may be in memory at once, over all connections. */
final class BodyBudget {
    private final long bytesMax;
    private final AtomicLong used = new AtomicLong();

    BodyBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    boolean tryTake(int bytes) {
        if (used.addAndGet(bytes) <= bytesMax) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void giveBack(int bytes) {
        used.addAndGet(-bytes);
    }
}
