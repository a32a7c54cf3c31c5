package io.eckermann.raftlog;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that stands still until it is moved. */
public final class ManualClock implements LongSupplier {
    private final AtomicLong now;

    public ManualClock(long startNs) {
        now = new AtomicLong(startNs);
    }

    public void advance(long ns) {
        now.addAndGet(ns);
    }

    @Override
    public long getAsLong() {
        return now.get();
    }
}
