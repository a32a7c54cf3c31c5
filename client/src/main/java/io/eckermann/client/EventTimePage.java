package io.eckermann.client;

import java.util.List;
import java.util.Optional;

/**
 * A page of events in the order of their business time.
 *
 * @param events in reading order; there may be fewer than were asked for although more follow
 * @param next where the next page starts; empty when this is the last
 * @param head the topic's head at that moment
 */
public record EventTimePage(List<RecordedEvent> events, Optional<Place> next, long head) {
    /**
     * A place in that order.
     *
     * @param timeNs a business time, in nanoseconds since 1970-01-01T00:00:00Z
     * @param position of an event of that time
     */
    public record Place(long timeNs, long position) {}
}
