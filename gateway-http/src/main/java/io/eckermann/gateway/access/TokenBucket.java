package io.eckermann.gateway.access;

/**
 * So much a second, and what was not used of one second later. Whoever finds anything in it may take as much as it needs, and
 * those behind wait until that is made up for: so nothing is too large to be let in. Thread safe.
 */
final class TokenBucket {
    private static final double SECOND_NS = 1e9;

    /** Under the lock of this object. */
    private double level;

    private long filledNs;
    private boolean used;

    /**
     * Takes so many.
     *
     * @param perSecond as the quota says now
     * @return 0 when they were taken, else in how many milliseconds there will be something
     */
    synchronized long take(long count, long perSecond, long nowNs) {
        double full = (double) perSecond;
        level = used ? Math.min(full, level + (nowNs - filledNs) / SECOND_NS * full) : full;
        filledNs = nowNs;
        used = true;
        if (level <= 0) {
            return (long) Math.ceil(-level * 1_000 / full) + 1;
        }
        level -= (double) count;
        return 0;
    }

    /** Takes what is gone already, however little there is. */
    synchronized void spend(long count) {
        level -= (double) count;
    }

    /** Gives back what was taken, as another bucket had nothing. */
    synchronized void give(long count) {
        level += (double) count;
    }
}
