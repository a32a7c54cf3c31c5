package io.eckermann.client;

import io.eckermann.protocol.v1.WebhookSettings.Mode;
import java.time.Duration;

/** Where and how a webhook's events are sent. What is not said is the server's usual. Immutable. */
public final class WebhookSettings {
    private final io.eckermann.protocol.v1.WebhookSettings wire;

    WebhookSettings(io.eckermann.protocol.v1.WebhookSettings wire) {
        this.wire = wire;
    }

    /** Structured CloudEvents to this address, all of the topic's, unsigned. */
    public static WebhookSettings to(String url) {
        return new WebhookSettings(io.eckermann.protocol.v1.WebhookSettings.newBuilder()
                .setUrl(url)
                .build());
    }

    private io.eckermann.protocol.v1.WebhookSettings.Builder but() {
        return wire.toBuilder();
    }

    /** The payload is the body, the rest is in headers. */
    public WebhookSettings binary() {
        return new WebhookSettings(but().setMode(Mode.BINARY).build());
    }

    /**
     * Signs what is sent.
     *
     * @param secret {@code whsec_} followed by 24 to 64 bytes in base64
     */
    public WebhookSettings secret(String secret) {
        return new WebhookSettings(but().setSecret(secret).build());
    }

    /** Only events for which this expression of CEL is true. */
    public WebhookSettings filter(String expression) {
        return new WebhookSettings(but().setFilter(expression).build());
    }

    /** Only events that match. */
    public WebhookSettings query(Query query) {
        return new WebhookSettings(but().setQuery(query.wire()).build());
    }

    /** How often an event is sent before it is parked, 1 to 1,000. */
    public WebhookSettings attemptsMax(int attempts) {
        return new WebhookSettings(but().setAttemptsMax(attempts).build());
    }

    /**
     * How long to wait between attempts: at most.
     *
     * @param first after the first failure; doubled with each
     * @param most never more than this
     */
    public WebhookSettings backoff(Duration first, Duration most) {
        return new WebhookSettings(but().setBackoffMinMs(first.toMillis())
                .setBackoffMaxMs(most.toMillis())
                .build());
    }

    /** How long an answer may take, 100 ms to a minute. */
    public WebhookSettings timeout(Duration timeout) {
        return new WebhookSettings(but().setTimeoutMs(timeout.toMillis()).build());
    }

    public String url() {
        return wire.getUrl();
    }

    public boolean isBinary() {
        return wire.getMode() == Mode.BINARY;
    }

    /** Empty when there is none. */
    public String filter() {
        return wire.getFilter();
    }

    public int attemptsMax() {
        return wire.getAttemptsMax();
    }

    public Duration backoffMin() {
        return Duration.ofMillis(wire.getBackoffMinMs());
    }

    public Duration backoffMax() {
        return Duration.ofMillis(wire.getBackoffMaxMs());
    }

    public Duration timeout() {
        return Duration.ofMillis(wire.getTimeoutMs());
    }

    io.eckermann.protocol.v1.WebhookSettings wire() {
        return wire;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "WebhookSettings{" + url() + (isBinary() ? ", binary" : "") + "}";
    }
}
