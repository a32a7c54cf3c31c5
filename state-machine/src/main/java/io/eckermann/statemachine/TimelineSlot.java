package io.eckermann.statemachine;

/**
 * What a slot of recorded time holds.
 *
 * @param startNs when it begins, a multiple of its length, in nanoseconds since 1970-01-01T00:00:00Z
 * @param first position of its first event that is kept
 * @param last position of its last event
 */
public record TimelineSlot(long startNs, long first, long last) {
    /** How many events there are, deleted ones included: they have their positions. */
    public long count() {
        return last - first + 1;
    }
}
