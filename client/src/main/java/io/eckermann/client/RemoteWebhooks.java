package io.eckermann.client;

import io.eckermann.client.transport.WebhookCalls;
import io.eckermann.protocol.v1.CreateWebhookRequest;
import io.eckermann.protocol.v1.DeleteWebhookRequest;
import io.eckermann.protocol.v1.GetWebhookRequest;
import io.eckermann.protocol.v1.ListWebhooksRequest;
import io.eckermann.protocol.v1.PauseWebhookRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@link Webhooks} by calls to any node. */
final class RemoteWebhooks implements Webhooks {
    private final WebhookCalls calls;

    RemoteWebhooks(WebhookCalls calls) {
        this.calls = calls;
    }

    @Override
    public CompletableFuture<Webhook> create(String topic, String name, WebhookSettings settings, GroupStart start) {
        CreateWebhookRequest request = CreateWebhookRequest.newBuilder()
                .setTopic(topic)
                .setName(name)
                .setSettings(settings.wire())
                .setStart(start.wire())
                .build();
        return Failures.mapped(calls.create(request), made -> webhook(made.getWebhook()));
    }

    @Override
    public CompletableFuture<Webhook> get(String topic, String name) {
        GetWebhookRequest request =
                GetWebhookRequest.newBuilder().setTopic(topic).setName(name).build();
        return Failures.mapped(calls.get(request), RemoteWebhooks::webhook);
    }

    @Override
    public CompletableFuture<List<Webhook>> list(String topic) {
        ListWebhooksRequest request =
                ListWebhooksRequest.newBuilder().setTopic(topic).build();
        return Failures.mapped(
                calls.list(request),
                list -> list.getWebhooksList().stream()
                        .map(RemoteWebhooks::webhook)
                        .toList());
    }

    @Override
    public CompletableFuture<Webhook> update(String topic, String name, WebhookChanges changes) {
        return Failures.mapped(calls.update(changes.wire(topic, name)), RemoteWebhooks::webhook);
    }

    @Override
    public CompletableFuture<Void> delete(String topic, String name) {
        DeleteWebhookRequest request =
                DeleteWebhookRequest.newBuilder().setTopic(topic).setName(name).build();
        return Failures.mapped(calls.delete(request), done -> null);
    }

    @Override
    public CompletableFuture<Webhook> pause(String topic, String name) {
        return paused(topic, name, true);
    }

    @Override
    public CompletableFuture<Webhook> resume(String topic, String name) {
        return paused(topic, name, false);
    }

    private CompletableFuture<Webhook> paused(String topic, String name, boolean paused) {
        PauseWebhookRequest request = PauseWebhookRequest.newBuilder()
                .setTopic(topic)
                .setName(name)
                .setPaused(paused)
                .build();
        return Failures.mapped(calls.pause(request), RemoteWebhooks::webhook);
    }

    private static Webhook webhook(io.eckermann.protocol.v1.Webhook webhook) {
        return new Webhook(
                webhook.getName(),
                webhook.getTopic(),
                new WebhookSettings(webhook.getSettings()),
                webhook.getSigned(),
                state(webhook.getState()),
                webhook.getReason(),
                webhook.getRequestsPerMinute(),
                Nanos.instant(webhook.getCreatedNs()),
                webhook.hasGroup() ? Optional.of(GroupWire.group(webhook.getGroup())) : Optional.empty());
    }

    private static Webhook.State state(io.eckermann.protocol.v1.Webhook.State state) {
        return switch (state) {
            case PAUSED -> Webhook.State.PAUSED;
            case RETIRED -> Webhook.State.RETIRED;
            case ACTIVE, UNRECOGNIZED -> Webhook.State.ACTIVE;
        };
    }
}
