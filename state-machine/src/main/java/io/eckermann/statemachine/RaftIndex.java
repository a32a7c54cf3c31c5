package io.eckermann.statemachine;

/**
 * An entry's place in the Raft log.
 *
 * @param term the term it was proposed in
 * @param index from 0, dense; -1 before the first
 */
public record RaftIndex(long term, long index) {
    /** Before the first entry. */
    public static final RaftIndex NONE = new RaftIndex(0, -1);
}
