package io.eckermann.gateway.webhooks;

import io.eckermann.protocol.v1.WebhookSettings;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/** How long to wait before the next attempt: exponential, with full jitter. */
final class RetryDelays {
    /** Receivers may ask for more patience than the settings have, but not for any. */
    private static final Duration ASKED_MAX = Duration.ofHours(1);

    private static final int DOUBLINGS_MAX = 20;

    private final DoubleSupplier random;

    /** @param random from 0 to 1 */
    RetryDelays(DoubleSupplier random) {
        this.random = random;
    }

    /** @param failures in a row, at least 1 */
    Duration after(int failures, WebhookSettings settings, Duration asked) {
        long doubled = settings.getBackoffMinMs() << Math.min(failures - 1, DOUBLINGS_MAX);
        long most = Math.min(doubled, settings.getBackoffMaxMs());
        Duration jittered = Duration.ofMillis((long) (most * random.getAsDouble()));
        Duration heard = asked.compareTo(ASKED_MAX) > 0 ? ASKED_MAX : asked;
        return heard.compareTo(jittered) > 0 ? heard : jittered;
    }
}
