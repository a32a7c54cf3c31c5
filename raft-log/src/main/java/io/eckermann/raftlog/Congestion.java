package io.eckermann.raftlog;

/**
 * Whether entries take much longer than they could. An entry that meets nothing but the disks and the network takes about
 * the least time that was seen lately; where it takes twice as long, processors or disks are busy, and more entries side by
 * side only make all of them later. The idea is TCP Vegas's (Brakmo and Peterson, 1995): judge a queue by the time spent in
 * it, before it is full.
 *
 * <p>Not thread-safe.
 */
final class Congestion {
    /** A new time counts for an eighth, as in TCP's estimate (RFC 6298): one slow fsync is no congestion. */
    private static final int SMOOTHING = 8;
    /** The least time is forgotten that slowly, by entries, so that a cluster that got slower for good is noticed. */
    private static final int FORGETTING = 65_536;

    private long leastNs;
    private long usualNs;

    /** An entry was answered that long after it was proposed; nanoseconds, 0 at least. */
    void took(long ns) {
        leastNs = leastNs == 0 ? ns : Math.min(ns, leastNs + leastNs / FORGETTING + 1);
        usualNs = usualNs == 0 ? ns : usualNs + (ns - usualNs) / SMOOTHING;
    }

    boolean present() {
        return usualNs > 2 * leastNs;
    }
}
