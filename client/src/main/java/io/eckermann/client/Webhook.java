package io.eckermann.client;

import io.eckermann.protocol.Names;
import java.time.Instant;
import java.util.Optional;

/**
 * A webhook as it is now.
 *
 * @param settings without the secret
 * @param signed whether there is a secret
 * @param reason why it is retired; empty when it is not
 * @param requestsPerMinute what its receiver allows; 0: any
 * @param group the group behind it, which has its position and what is parked; empty when somebody deleted that
 */
public record Webhook(
        String name,
        String topic,
        WebhookSettings settings,
        boolean signed,
        State state,
        String reason,
        int requestsPerMinute,
        Instant createdTime,
        Optional<Group> group) {
    /** Whether events are sent. */
    public enum State {
        ACTIVE,
        PAUSED,
        /** The receiver is gone: it answered 410. */
        RETIRED
    }

    /** The name of the group behind a webhook, in the same topic. */
    public static String groupOf(String webhook) {
        return Names.groupOfWebhook(webhook);
    }
}
