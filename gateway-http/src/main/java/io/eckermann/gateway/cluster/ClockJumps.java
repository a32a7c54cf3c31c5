package io.eckermann.gateway.cluster;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Notices when this node's clock jumps, by holding it against one that can't. The peers' clocks are asked only once a
 * second: without this a leader could record wrong times until then. Safe from any thread.
 */
public final class ClockJumps {
    /** After so long all reachable peers have been asked anew, and their answers judge the clock. */
    private static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(3);

    private final Clock clock;
    private final LongSupplier monotonicNs;
    private final long maxNs;

    /** Under the lock of this object, from here on: the last look. */
    private long clockNs;

    private long atNs;
    private long jumpedNs;
    private boolean jumped;

    /**
     * Looks for the first time.
     *
     * @param monotonicNs as {@link System#nanoTime}
     * @param max a smaller jump is none
     */
    public ClockJumps(Clock clock, LongSupplier monotonicNs, Duration max) {
        this.clock = clock;
        this.monotonicNs = monotonicNs;
        this.maxNs = max.toNanos();
        clockNs = Nanos.of(clock);
        atNs = monotonicNs.getAsLong();
    }

    /** Whether the clock has jumped so recently that nobody could judge it since. */
    public synchronized boolean lately() {
        long clockNow = Nanos.of(clock);
        long now = monotonicNs.getAsLong();
        if (Math.abs((clockNow - clockNs) - (now - atNs)) > maxNs) {
            jumped = true;
            jumpedNs = now;
        }
        clockNs = clockNow;
        atNs = now;
        jumped = jumped && now - jumpedNs < SETTLE_NS;
        return jumped;
    }
}
