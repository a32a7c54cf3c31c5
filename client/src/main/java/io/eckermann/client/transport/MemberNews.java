package io.eckermann.client.transport;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** When a client asks which nodes there are: now and then, and soon after one of them did not answer. Safe from any thread. */
final class MemberNews {
    private static final long EVERY_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long SOONEST_NS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nowNs;

    // Guarded by this.
    private long askedNs;
    private boolean wanted;

    MemberNews(LongSupplier nowNs) {
        this.nowNs = nowNs;
        this.askedNs = nowNs.getAsLong();
    }

    /** A node did not answer: it may be one no longer. */
    synchronized void wanted() {
        wanted = true;
    }

    /** Whether to ask now; if so, it is taken for done. */
    synchronized boolean isDue() {
        long now = nowNs.getAsLong();
        boolean due = now - askedNs >= (wanted ? SOONEST_NS : EVERY_NS);
        if (due) {
            askedNs = now;
            wanted = false;
        }
        return due;
    }
}
