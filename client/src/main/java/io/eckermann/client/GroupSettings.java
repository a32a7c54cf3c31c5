package io.eckermann.client;

import java.time.Duration;

/**
 * What can be set about a group. Zeros and empty ones stand for the server's usual.
 *
 * @param byKey events of one key are leased in their order, one after the other or together to one member
 * @param exclusive only one member leases at a time; another one when its leases have ended
 * @param visibility how long a lease lasts, 100 ms to 12 h; zero: 30 s
 * @param attemptsMax how often an event is leased before it is parked, 1 to 1,000; 0: 10
 * @param inFlightMax how many events may be leased at a time, 1 to 100,000; 0: 10,000
 * @param window how far the group may be ahead of its oldest event that is not settled, 1 to 1,000,000; 0: 100,000
 * @param parkedHoldsKey of a group by key: whether events behind a parked one of their key are parked too, until that is
 *     replayed or dropped; otherwise they go on without it
 * @param query which events it gets
 */
public record GroupSettings(
        boolean byKey,
        boolean exclusive,
        Duration visibility,
        int attemptsMax,
        int inFlightMax,
        long window,
        boolean parkedHoldsKey,
        Query query) {
    /** All events, in no order but that of need. */
    public static final GroupSettings DEFAULTS =
            new GroupSettings(false, false, Duration.ZERO, 0, 0, 0, true, Query.ALL);

    public GroupSettings withOrderByKey() {
        return new GroupSettings(true, exclusive, visibility, attemptsMax, inFlightMax, window, parkedHoldsKey, query);
    }

    public GroupSettings withExclusive() {
        return new GroupSettings(byKey, true, visibility, attemptsMax, inFlightMax, window, parkedHoldsKey, query);
    }

    public GroupSettings withVisibility(Duration time) {
        return new GroupSettings(byKey, exclusive, time, attemptsMax, inFlightMax, window, parkedHoldsKey, query);
    }

    public GroupSettings withAttemptsMax(int attempts) {
        return new GroupSettings(byKey, exclusive, visibility, attempts, inFlightMax, window, parkedHoldsKey, query);
    }

    public GroupSettings withInFlightMax(int events) {
        return new GroupSettings(byKey, exclusive, visibility, attemptsMax, events, window, parkedHoldsKey, query);
    }

    public GroupSettings withWindow(long events) {
        return new GroupSettings(byKey, exclusive, visibility, attemptsMax, inFlightMax, events, parkedHoldsKey, query);
    }

    /** A key's events go on when one of them is parked. */
    public GroupSettings withParkedPassingKey() {
        return new GroupSettings(byKey, exclusive, visibility, attemptsMax, inFlightMax, window, false, query);
    }

    public GroupSettings withQuery(Query events) {
        return new GroupSettings(
                byKey, exclusive, visibility, attemptsMax, inFlightMax, window, parkedHoldsKey, events);
    }
}
