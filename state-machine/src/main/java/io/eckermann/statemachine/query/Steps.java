package io.eckermann.statemachine.query;

/** How much a search may still look at: rows, and places in the index. Counts the same on every replica. */
public final class Steps {
    /** More than one look at the index takes. */
    private static final int RESERVE = 256;

    private final long max;
    private long taken;

    private Steps(long max) {
        this.max = max;
    }

    /** So many, then {@link SpentException}. */
    public static Steps atMost(long max) {
        return new Steps(max);
    }

    /** Any number. */
    public static Steps any() {
        return new Steps(Long.MAX_VALUE);
    }

    void take(int steps) {
        taken += steps;
        if (taken > max) {
            throw new SpentException();
        }
    }

    /** Whether so few are left that a search may not go on. */
    public boolean isNearlySpent() {
        return max - taken < RESERVE;
    }

    /** The search would look at more than it may. */
    public static final class SpentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SpentException() {
            super("The search looks at more than it may.", null, false, false);
        }
    }
}
