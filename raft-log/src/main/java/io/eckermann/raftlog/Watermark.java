package io.eckermann.raftlog;

/**
 * Whether a disk has room: not when less is free than a mark, and again only when clearly more is, so that what is written
 * and removed around the mark does not make the answer change all the time. Safe from any thread.
 */
public final class Watermark {
    /** So large a part of the mark must be free on top of it. */
    private static final int PART = 8;

    private final long freeBytesMin;
    private final long freeBytesAgain;
    /** Guarded by this. */
    private boolean low;

    public Watermark(long freeBytesMin) {
        this.freeBytesMin = freeBytesMin;
        long more = freeBytesMin / PART;
        this.freeBytesAgain = freeBytesMin > Long.MAX_VALUE - more ? Long.MAX_VALUE : freeBytesMin + more;
    }

    /** Whether there is too little room, now that so much is free. */
    public synchronized boolean isLow(long freeBytes) {
        low = freeBytes < (low ? freeBytesAgain : freeBytesMin);
        return low;
    }

    /** What must be free for a disk that is low to have room again. */
    public long freeBytesAgain() {
        return freeBytesAgain;
    }
}
