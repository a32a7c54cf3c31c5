package io.eckermann.client;

import java.time.Instant;
import java.util.Optional;

/**
 * An event that a group has set aside.
 *
 * @param attempts how often it was leased
 * @param parkedNs the leader's time, in nanoseconds since 1970-01-01T00:00:00Z
 * @param key empty when it has none, or when the group is not ordered by key
 * @param recorded empty when the event was removed since
 */
public record ParkedEvent(
        long position, int attempts, String reason, long parkedNs, String key, Optional<RecordedEvent> recorded) {
    public Instant parkedTime() {
        return Nanos.instant(parkedNs);
    }
}
