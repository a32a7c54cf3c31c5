package io.eckermann.statemachine;

/**
 * What of a topic lies behind a position.
 *
 * @param topic at the same moment
 * @param next position of the next event; head + 1 when there is none
 * @param bytes roughly, as they are stored: of a chunk read in part, its share
 * @param nextRecordedNs when the next event was recorded, in nanoseconds since 1970-01-01T00:00:00Z; 0 when there is none
 */
public record Unread(TopicState topic, long next, long bytes, long nextRecordedNs) {
    public long events() {
        return topic.head() + 1 - next;
    }
}
