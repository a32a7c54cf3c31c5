package io.eckermann.statemachine;

import io.eckermann.protocol.v1.TopicSettings;

/**
 * A topic at one moment.
 *
 * @param id never used again
 * @param head position of the last event, 0 when empty
 * @param first position of the first event kept
 * @param lastRecordedNs recorded time of the last event, 0 when there never was one
 * @param sizeBytes bytes of all events as they are stored, thus after compression
 * @param createdNs the leader's time when it was created
 */
public record TopicState(
        long id,
        String name,
        TopicSettings settings,
        long head,
        long first,
        long lastRecordedNs,
        long sizeBytes,
        long createdNs) {
    /** Whether there is no event to read. */
    public boolean isEmpty() {
        return head < first;
    }
}
