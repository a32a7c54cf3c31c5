package io.eckermann.bench.load;

/**
 * When each event of a steady rate should be sent. It does not wait for anything: an event that is sent late was still
 * meant for its time, and its latency counts from there.
 */
public final class OpenLoopSchedule {
    private static final double NS_PER_SECOND = 1e9;

    private final long startNs;
    private final int perSecond;

    /** Begins at this System.nanoTime(). */
    public OpenLoopSchedule(long startNs, int perSecond) {
        if (perSecond <= 0) {
            throw new IllegalArgumentException("A rate is positive.");
        }
        this.startNs = startNs;
        this.perSecond = perSecond;
    }

    /** When the n-th event, from 0, should be sent; no rounding error adds up. */
    public long timeOf(long n) {
        return startNs + Math.round(n * NS_PER_SECOND / perSecond);
    }
}
