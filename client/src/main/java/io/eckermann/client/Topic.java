package io.eckermann.client;

import java.time.Instant;
import java.util.Optional;

/**
 * A topic as it was when asked for.
 *
 * @param id never used again, also when the name is
 * @param head position of the last event, 0 when empty
 * @param first position of the first event still kept
 * @param shard the Raft group that keeps it
 * @param createdNs nanoseconds since 1970-01-01T00:00:00Z
 * @param lastRecordedNs when the last event was recorded, 0 when empty
 * @param sizeBytes bytes of all events as they are stored, thus after compression
 */
public record Topic(
        String name,
        long id,
        long head,
        long first,
        int shard,
        TopicSettings settings,
        long createdNs,
        long lastRecordedNs,
        long sizeBytes) {
    public Instant createdTime() {
        return Nanos.instant(createdNs);
    }

    /** Empty when the topic is. */
    public Optional<Instant> lastRecordedTime() {
        return lastRecordedNs == 0 ? Optional.empty() : Optional.of(Nanos.instant(lastRecordedNs));
    }
}
