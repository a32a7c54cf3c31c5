package io.eckermann.client;

import java.time.Duration;

/**
 * How a {@link GroupConsumer} works.
 *
 * @param member who leases; must be different in each process
 * @param threads how many events are handled at a time
 * @param max how many events are leased at a time, 1 to 1,000; as many again while these are handled
 * @param patience how long one call waits for events
 * @param visibility how long leases last; they are extended while events are handled. Zero: what the group says
 * @param backoffMin how long an event waits after its first failure; after each further one twice as long
 * @param backoffMax but at most so long
 * @param closeTimeout how long closing waits for events that are being handled
 */
public record ConsumerOptions(
        String member,
        int threads,
        int max,
        Duration patience,
        Duration visibility,
        Duration backoffMin,
        Duration backoffMax,
        Duration closeTimeout) {
    /** Some events at a time, for a member of this name. */
    public static ConsumerOptions of(String member) {
        return new ConsumerOptions(
                member,
                4,
                100,
                Duration.ofSeconds(20),
                Duration.ZERO,
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                Duration.ofSeconds(10));
    }

    public ConsumerOptions withThreads(int count) {
        return new ConsumerOptions(member, count, max, patience, visibility, backoffMin, backoffMax, closeTimeout);
    }

    public ConsumerOptions withMax(int events) {
        return new ConsumerOptions(member, threads, events, patience, visibility, backoffMin, backoffMax, closeTimeout);
    }

    public ConsumerOptions withWait(Duration time) {
        return new ConsumerOptions(member, threads, max, time, visibility, backoffMin, backoffMax, closeTimeout);
    }

    public ConsumerOptions withVisibility(Duration time) {
        return new ConsumerOptions(member, threads, max, patience, time, backoffMin, backoffMax, closeTimeout);
    }

    public ConsumerOptions withBackoff(Duration min, Duration most) {
        return new ConsumerOptions(member, threads, max, patience, visibility, min, most, closeTimeout);
    }

    public ConsumerOptions withCloseTimeout(Duration time) {
        return new ConsumerOptions(member, threads, max, patience, visibility, backoffMin, backoffMax, time);
    }

    /** How long an event waits that failed so often. */
    Duration backoff(int attempts) {
        long factor = 1L << Math.min(20, Math.max(0, attempts - 1));
        long ms = Math.min(backoffMax.toMillis(), Math.multiplyExact(backoffMin.toMillis(), factor));
        return Duration.ofMillis(ms);
    }
}
