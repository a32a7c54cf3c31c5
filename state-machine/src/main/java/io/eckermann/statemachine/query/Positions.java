package io.eckermann.statemachine.query;

/**
 * Positions of events that are looked for, in one direction: rising ones up to {@link #NONE_HIGHER}, or falling ones down
 * to {@link #NONE_LOWER}. Used by one thread.
 */
public interface Positions {
    /** There is no such event, looking forward. */
    long NONE_HIGHER = Long.MAX_VALUE;
    /** There is no such event, looking backward. */
    long NONE_LOWER = 0;

    /**
     * The first one found, looking from this position on (inclusive). Each call looks from where the last one did, or
     * further in the same direction.
     */
    long seek(long from);
}
