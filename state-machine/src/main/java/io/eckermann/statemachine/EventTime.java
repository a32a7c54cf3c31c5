package io.eckermann.statemachine;

/**
 * A place in the order of business times.
 *
 * @param timeNs the event's business time, in nanoseconds since 1970-01-01T00:00:00Z
 * @param position the event's; those of one time are in the order of these
 */
public record EventTime(long timeNs, long position) implements Comparable<EventTime> {
    /** Before every event of that time. */
    public static EventTime before(long timeNs) {
        return new EventTime(timeNs, 0);
    }

    /** Behind every event of that time. */
    public static EventTime behind(long timeNs) {
        return new EventTime(timeNs, Long.MAX_VALUE);
    }

    @Override
    public int compareTo(EventTime other) {
        int byTime = Long.compare(timeNs, other.timeNs);
        return byTime == 0 ? Long.compare(position, other.position) : byTime;
    }
}
