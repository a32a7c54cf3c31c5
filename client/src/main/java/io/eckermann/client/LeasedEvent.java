package io.eckermann.client;

/**
 * An event under a lease.
 *
 * @param attempts how often it was leased, this time included
 * @param token of the lease
 */
public record LeasedEvent(RecordedEvent recorded, int attempts, long token) {
    public long position() {
        return recorded.position();
    }

    public Event event() {
        return recorded.event();
    }
}
