package io.eckermann.client;

import java.time.Instant;

/**
 * An event as it was recorded.
 *
 * @param position its place in the topic, from 1
 * @param recordedNs when it was recorded, in nanoseconds since 1970-01-01T00:00:00Z; unique in its topic and rising
 */
public record RecordedEvent(String topic, long position, long recordedNs, Event event) {
    public Instant recordedTime() {
        return Nanos.instant(recordedNs);
    }
}
