package io.eckermann.gateway.metrics;

import io.eckermann.gateway.webhooks.Attempts;
import java.util.List;
import java.util.Locale;

/** What this node sent as a leader. */
public final class WebhookSource implements Source {
    private final List<Attempts> attempts;

    /** @param attempts of each shard; they are told together */
    public WebhookSource(List<Attempts> attempts) {
        this.attempts = List.copyOf(attempts);
    }

    @Override
    public void tell(Samples samples) {
        for (Attempts.Outcome outcome : Attempts.Outcome.values()) {
            samples.counter(
                    "eckermann_webhook_attempts_total",
                    "Attempts of this node to send events to receivers of webhooks, by what they came to.",
                    attempts.stream().mapToLong(each -> each.of(outcome)).sum(),
                    "outcome",
                    outcome.name().toLowerCase(Locale.ROOT));
        }
    }
}
