package io.eckermann.client;

import io.eckermann.protocol.v1.UpdateWebhookRequest;
import io.eckermann.protocol.v1.WebhookSettings.Mode;
import java.time.Duration;

/** What changes of a webhook's settings; the rest stays as it is. Immutable. */
public final class WebhookChanges {
    public static final WebhookChanges NONE = new WebhookChanges(UpdateWebhookRequest.getDefaultInstance());

    private final UpdateWebhookRequest wire;

    private WebhookChanges(UpdateWebhookRequest wire) {
        this.wire = wire;
    }

    /** The new address is asked whether it wants events. */
    public WebhookChanges url(String url) {
        return new WebhookChanges(wire.toBuilder().setUrl(url).build());
    }

    public WebhookChanges binary(boolean binary) {
        return new WebhookChanges(
                wire.toBuilder().setMode(binary ? Mode.BINARY : Mode.STRUCTURED).build());
    }

    /** Signs with this from now on; empty: nothing is signed any more. */
    public WebhookChanges secret(String secret) {
        return new WebhookChanges(wire.toBuilder().setSecret(secret).build());
    }

    /** Only events for which this is true; empty: all. */
    public WebhookChanges filter(String expression) {
        return new WebhookChanges(wire.toBuilder().setFilter(expression).build());
    }

    public WebhookChanges attemptsMax(int attempts) {
        return new WebhookChanges(wire.toBuilder().setAttemptsMax(attempts).build());
    }

    public WebhookChanges backoffMin(Duration first) {
        return new WebhookChanges(
                wire.toBuilder().setBackoffMinMs(first.toMillis()).build());
    }

    public WebhookChanges backoffMax(Duration most) {
        return new WebhookChanges(
                wire.toBuilder().setBackoffMaxMs(most.toMillis()).build());
    }

    public WebhookChanges timeout(Duration timeout) {
        return new WebhookChanges(
                wire.toBuilder().setTimeoutMs(timeout.toMillis()).build());
    }

    UpdateWebhookRequest wire(String topic, String name) {
        return wire.toBuilder().setTopic(topic).setName(name).build();
    }
}
