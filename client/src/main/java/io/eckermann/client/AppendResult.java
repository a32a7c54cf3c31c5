package io.eckermann.client;

import java.time.Instant;

/**
 * What an acknowledged append led to: it is fsynced on a majority.
 *
 * @param first position of its first event
 * @param last position of its last event
 * @param head the topic's head right after it
 * @param recordedNs recorded time of the first event in nanoseconds since 1970-01-01T00:00:00Z; the k-th has k more
 * @param duplicate true when a retry found that it had been recorded already; it was recorded once all the same
 */
public record AppendResult(long first, long last, long head, long recordedNs, boolean duplicate) {
    /** When its first event was recorded. */
    public Instant recordedTime() {
        return Nanos.instant(recordedNs);
    }
}
