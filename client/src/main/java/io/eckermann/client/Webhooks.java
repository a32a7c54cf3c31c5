package io.eckermann.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Webhooks: a topic's events sent to an address as CloudEvents, in order and at least once. What they gave up is parked in
 * the group behind them ({@link Webhook#groupOf}, {@link Groups}). Futures fail with an {@link EckermannException}.
 */
public interface Webhooks {
    /** Makes one, or finds it with the same settings; WEBHOOK_REFUSED when the address does not want events. */
    CompletableFuture<Webhook> create(String topic, String webhook, WebhookSettings settings, GroupStart start);

    /** WEBHOOK_NOT_FOUND. */
    CompletableFuture<Webhook> get(String topic, String webhook);

    /** By name; of all topics when the topic is empty. */
    CompletableFuture<List<Webhook>> list(String topic);

    CompletableFuture<Webhook> update(String topic, String webhook, WebhookChanges changes);

    /** With its position and what is parked. */
    CompletableFuture<Void> delete(String topic, String webhook);

    /** Nothing is sent until it is resumed. */
    CompletableFuture<Webhook> pause(String topic, String webhook);

    /** Goes on. The address of one that is retired is asked before. */
    CompletableFuture<Webhook> resume(String topic, String webhook);
}
