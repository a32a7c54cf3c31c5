package io.eckermann.gateway.webhooks;

import java.time.Duration;
import java.util.Set;

/**
 * What became of one attempt to send an event.
 *
 * @param status of HTTP; 0 when there was no answer
 * @param reason for people
 * @param retryAfter what the receiver asked for; zero when it did not
 */
record Reply(int status, String reason, Duration retryAfter) {
    /** The receiver has read the event and will never take it. */
    private static final Set<Integer> PERMANENT = Set.of(400, 413, 415, 422);

    private static final int GONE = 410;

    /** No answer. */
    static Reply none(String reason) {
        return new Reply(0, reason, Duration.ZERO);
    }

    boolean isDelivered() {
        return status >= 200 && status < 300;
    }

    /** Whether the receiver wants no more events at all. */
    boolean isGone() {
        return status == GONE;
    }

    /** Whether the same event would be refused again. */
    boolean isPermanent() {
        return PERMANENT.contains(status);
    }
}
