package io.eckermann.client;

import java.time.Duration;
import java.util.Optional;

/**
 * A group as it is now.
 *
 * @param id never used again, also when the name is
 * @param floor all events up to here are acked or parked, or do not match
 * @param next the next event to be leased for the first time
 * @param behind events that are not settled: new ones (of a group with a query: to be looked at), leased and waiting ones
 * @param behindBytes roughly what these take as they are stored
 * @param inFlight leased
 * @param waiting to be leased again, or behind an earlier event of their key
 * @param oldestUnackedAge how long ago the oldest event was recorded that is not settled; zero when there is none
 * @param owner who leases from an exclusive group now
 */
public record Group(
        String name,
        String topic,
        long id,
        GroupSettings settings,
        long floor,
        long next,
        long head,
        boolean paused,
        long behind,
        long behindBytes,
        int inFlight,
        int waiting,
        int parked,
        Duration oldestUnackedAge,
        Optional<String> owner) {}
