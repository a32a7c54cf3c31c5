package io.eckermann.client;

import java.time.Duration;

/**
 * How to lease.
 *
 * @param member who leases; needed by exclusive groups
 * @param max at most so many events, 1 to 1,000
 * @param patience how long to wait for the first, at most a minute
 * @param visibility how long the lease lasts; zero: what the group's settings say
 */
public record LeaseOptions(String member, int max, Duration patience, Duration visibility) {
    /** A hundred events, if there are any now. */
    public static final LeaseOptions DEFAULTS = new LeaseOptions("", 100, Duration.ZERO, Duration.ZERO);

    public LeaseOptions withMember(String name) {
        return new LeaseOptions(name, max, patience, visibility);
    }

    public LeaseOptions withMax(int events) {
        return new LeaseOptions(member, events, patience, visibility);
    }

    public LeaseOptions withWait(Duration time) {
        return new LeaseOptions(member, max, time, visibility);
    }

    public LeaseOptions withVisibility(Duration time) {
        return new LeaseOptions(member, max, patience, time);
    }
}
