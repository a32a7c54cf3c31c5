package io.eckermann.raftlog.ratis;

import java.time.Duration;

/**
 * Notices that what a leader has appended does not get to its disk any more. Ratis commits nothing that the leader's own
 * disk has not, however many others have it, and its heartbeats go on meanwhile, so that nobody stands for election. A slow disk is
 * none that hangs: it gets on. Safe from any thread.
 */
final class HungDisk {
    private final long patienceNs;
    private long lastFlushed = Long.MIN_VALUE;
    private long sinceNs;
    private long lookedNs;

    /** @param patience for how long nothing may get to the disk */
    HungDisk(Duration patience) {
        patienceNs = patience.toNanos();
    }

    /**
     * Looks once. Whoever did not look for longer than the patience, as it did not lead, begins anew.
     *
     * @param flushed the last entry that is on the disk
     * @param appended the last entry
     * @param nowNs as of {@link System#nanoTime}
     */
    synchronized boolean isHung(long flushed, long appended, long nowNs) {
        if (flushed >= appended || flushed != lastFlushed || nowNs - lookedNs > patienceNs) {
            lastFlushed = flushed;
            sinceNs = nowNs;
        }
        lookedNs = nowNs;
        return nowNs - sinceNs > patienceNs;
    }
}
