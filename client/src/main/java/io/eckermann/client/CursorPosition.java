package io.eckermann.client;

import java.time.Duration;
import java.time.Instant;

/**
 * A consumer's committed position in a topic: the last event it is done with.
 *
 * @param position 0 to head
 * @param head the topic's head at the time of the answer
 * @param next where reading goes on: the position of the next event that is kept, or the one it will have
 * @param snapped whether what was asked for, or where the cursor was left, is not there, and {@code next} is the nearest
 * @param lag events still to be read: those behind the position that are kept
 * @param lagBytes roughly how many bytes they take as they are stored
 * @param lagTime how long ago the first of them was recorded; zero when there is none
 * @param committedNs the leader's time of the commit, in nanoseconds since 1970-01-01T00:00:00Z
 */
public record CursorPosition(
        String consumer,
        String topic,
        long position,
        long head,
        long next,
        boolean snapped,
        long lag,
        long lagBytes,
        Duration lagTime,
        long committedNs) {
    public Instant committedTime() {
        return Nanos.instant(committedNs);
    }
}
