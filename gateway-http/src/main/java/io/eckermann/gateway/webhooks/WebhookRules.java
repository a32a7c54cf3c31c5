package io.eckermann.gateway.webhooks;

import io.eckermann.gateway.QueryRules;
import io.eckermann.gateway.cel.EventFilter;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.protocol.v1.UpdateWebhookRequest;
import io.eckermann.protocol.v1.WebhookSettings;

/** What can be refused without asking anybody, and what is left to a default. Pure. */
final class WebhookRules {
    /** Events that the leader holds at a time for one webhook. */
    static final int BATCH = 16;

    private static final int ATTEMPTS_USUAL = 10;
    private static final long BACKOFF_MIN_USUAL_MS = 1_000;
    private static final long BACKOFF_MAX_USUAL_MS = 300_000;
    private static final long BACKOFF_LEAST_MS = 10;
    private static final long BACKOFF_MOST_MS = 3_600_000;
    private static final long TIMEOUT_USUAL_MS = 10_000;
    private static final long TIMEOUT_LEAST_MS = 100;
    private static final long TIMEOUT_MOST_MS = 60_000;
    /** So much longer than one request a lease lasts, and with it what the loss of a leader may cost. */
    private static final long LEASE_MARGIN_MS = 5_000;

    private static final long WINDOW = 100_000;

    private WebhookRules() {}

    /** The settings with nothing left to a default. */
    static WebhookSettings complete(WebhookSettings asked) {
        new QueryRules().check("query", asked.getQuery());
        WebhookSettings settings = asked.toBuilder()
                .setAttemptsMax((int)
                        orUsual("attempts_max", asked.getAttemptsMax(), 1, Limits.GROUP_ATTEMPTS_MAX, ATTEMPTS_USUAL))
                .setBackoffMinMs(orUsual(
                        "backoff_min_ms",
                        asked.getBackoffMinMs(),
                        BACKOFF_LEAST_MS,
                        BACKOFF_MOST_MS,
                        BACKOFF_MIN_USUAL_MS))
                .setBackoffMaxMs(orUsual(
                        "backoff_max_ms",
                        asked.getBackoffMaxMs(),
                        BACKOFF_LEAST_MS,
                        BACKOFF_MOST_MS,
                        BACKOFF_MAX_USUAL_MS))
                .setTimeoutMs(orUsual(
                        "timeout_ms", asked.getTimeoutMs(), TIMEOUT_LEAST_MS, TIMEOUT_MOST_MS, TIMEOUT_USUAL_MS))
                .build();
        if (settings.getMode() == WebhookSettings.Mode.UNRECOGNIZED) {
            throw bad("mode", "There is no such mode.");
        }
        if (settings.getBackoffMinMs() > settings.getBackoffMaxMs()) {
            throw bad("backoff_min_ms", "It is at most backoff_max_ms.");
        }
        Signature.check(settings.getSecret());
        if (!settings.getFilter().isEmpty()) {
            EventFilter.compile(settings.getFilter());
        }
        return settings;
    }

    /** The settings as the request changes them. */
    static WebhookSettings changed(WebhookSettings before, UpdateWebhookRequest change) {
        WebhookSettings.Builder settings = before.toBuilder();
        if (change.hasUrl()) {
            settings.setUrl(change.getUrl());
        }
        if (change.hasMode()) {
            settings.setModeValue(change.getModeValue());
        }
        if (change.hasSecret()) {
            settings.setSecret(change.getSecret());
        }
        if (change.hasFilter()) {
            settings.setFilter(change.getFilter());
        }
        if (change.hasAttemptsMax()) {
            settings.setAttemptsMax(change.getAttemptsMax());
        }
        if (change.hasBackoffMinMs()) {
            settings.setBackoffMinMs(change.getBackoffMinMs());
        }
        if (change.hasBackoffMaxMs()) {
            settings.setBackoffMaxMs(change.getBackoffMaxMs());
        }
        if (change.hasTimeoutMs()) {
            settings.setTimeoutMs(change.getTimeoutMs());
        }
        return complete(settings.build());
    }

    /**
     * Of the group behind a webhook: one member at a time and no more leased than it holds, so that after a leader was
     * lost what it held comes first. Attempts are counted by the sender: a lease of several events is none for each.
     */
    static GroupSettings group(WebhookSettings settings) {
        return GroupSettings.newBuilder()
                .setExclusive(true)
                .setVisibilityMs(leaseMs(settings))
                .setAttemptsMax(Limits.GROUP_ATTEMPTS_MAX)
                .setInFlightMax(BATCH)
                .setWindow(WINDOW)
                .setQuery(settings.getQuery())
                .build();
    }

    static long leaseMs(WebhookSettings settings) {
        return settings.getTimeoutMs() + LEASE_MARGIN_MS;
    }

    private static long orUsual(String field, long asked, long min, long max, long usual) {
        if (asked == 0) {
            return usual;
        }
        if (asked < min || asked > max) {
            throw bad(field, "It is a whole number in its bounds.")
                    .with("min", min)
                    .with("max", max)
                    .with("given", asked);
        }
        return asked;
    }

    private static StoreException bad(String field, String message) {
        return new StoreException(ErrorCode.BAD_REQUEST, message).with("field", field);
    }
}
