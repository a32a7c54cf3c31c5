package io.eckermann.client;

import java.time.Instant;

/**
 * A consumer's committed position in a topic: the last event it is done with.
 *
 * @param position 0 to head
 * @param head the topic's head at the time of the answer
 * @param lag {@code head - position}: events still to be read
 * @param committedNs the leader's time of the commit, in nanoseconds since 1970-01-01T00:00:00Z
 */
public record CursorPosition(String consumer, String topic, long position, long head, long lag, long committedNs) {
    public Instant committedTime() {
        return Nanos.instant(committedNs);
    }
}
