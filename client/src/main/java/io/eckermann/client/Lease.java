package io.eckermann.client;

import java.time.Instant;
import java.util.List;

/**
 * Events that are one member's for a while.
 *
 * @param token what settling and extending need; 0 when there are no events
 * @param untilNs when it ends, by the leader's time, in nanoseconds since 1970-01-01T00:00:00Z
 * @param events in the order of their positions
 * @param idle why there are no events, in lower case: {@code nothing_new}, {@code paused}, {@code in_flight_full}, {@code
 *     window_full}, {@code parked_full} or {@code held_by_another}; empty when there are some
 */
public record Lease(long token, long untilNs, List<LeasedEvent> events, String idle) {
    public Lease {
        events = List.copyOf(events);
    }

    public Instant until() {
        return Nanos.instant(untilNs);
    }

    public boolean isEmpty() {
        return events.isEmpty();
    }
}
