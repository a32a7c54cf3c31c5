package io.eckermann.client;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.CreateWebhookRequest;
import io.eckermann.protocol.v1.CreateWebhookResponse;
import io.eckermann.protocol.v1.DeleteWebhookRequest;
import io.eckermann.protocol.v1.DeleteWebhookResponse;
import io.eckermann.protocol.v1.GetWebhookRequest;
import io.eckermann.protocol.v1.ListWebhooksRequest;
import io.eckermann.protocol.v1.ListWebhooksResponse;
import io.eckermann.protocol.v1.PauseWebhookRequest;
import io.eckermann.protocol.v1.UpdateWebhookRequest;
import io.eckermann.protocol.v1.Webhook;
import io.eckermann.protocol.v1.WebhooksGrpc;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Webhooks of the fake: it keeps them, and sends nothing. */
final class FakeWebhooks extends WebhooksGrpc.WebhooksImplBase {
    private final FakeCluster cluster;

    FakeWebhooks(FakeCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void createWebhook(CreateWebhookRequest request, StreamObserver<CreateWebhookResponse> answer) {
        synchronized (cluster) {
            Webhook webhook = Webhook.newBuilder()
                    .setTopic(request.getTopic())
                    .setName(request.getName())
                    .setSigned(!request.getSettings().getSecret().isEmpty())
                    .setSettings(request.getSettings().toBuilder().clearSecret())
                    .setReason(request.getStart().hasLatest() ? "latest" : "")
                    .build();
            cluster.webhooks.put(request.getName(), webhook);
            answer.onNext(CreateWebhookResponse.newBuilder()
                    .setWebhook(webhook)
                    .setCreated(true)
                    .build());
        }
        answer.onCompleted();
    }

    @Override
    public void getWebhook(GetWebhookRequest request, StreamObserver<Webhook> answer) {
        changed(request.getName(), webhook -> webhook, answer);
    }

    @Override
    public void listWebhooks(ListWebhooksRequest request, StreamObserver<ListWebhooksResponse> answer) {
        synchronized (cluster) {
            answer.onNext(ListWebhooksResponse.newBuilder()
                    .addAllWebhooks(cluster.webhooks.values())
                    .build());
        }
        answer.onCompleted();
    }

    @Override
    public void updateWebhook(UpdateWebhookRequest request, StreamObserver<Webhook> answer) {
        changed(
                request.getName(),
                webhook -> {
                    Webhook.Builder changed = webhook.toBuilder();
                    changed.getSettingsBuilder().setAttemptsMax(request.getAttemptsMax());
                    if (request.hasMode()) {
                        changed.getSettingsBuilder().setMode(request.getMode());
                    }
                    return changed.build();
                },
                answer);
    }

    @Override
    public void deleteWebhook(DeleteWebhookRequest request, StreamObserver<DeleteWebhookResponse> answer) {
        synchronized (cluster) {
            cluster.webhooks.remove(request.getName());
        }
        answer.onNext(DeleteWebhookResponse.getDefaultInstance());
        answer.onCompleted();
    }

    @Override
    public void pauseWebhook(PauseWebhookRequest request, StreamObserver<Webhook> answer) {
        changed(
                request.getName(),
                webhook -> webhook.toBuilder()
                        .setState(request.getPaused() ? Webhook.State.PAUSED : Webhook.State.ACTIVE)
                        .build(),
                answer);
    }

    private void changed(String name, UnaryOperator<Webhook> change, StreamObserver<Webhook> answer) {
        synchronized (cluster) {
            Webhook webhook = cluster.webhooks.computeIfPresent(name, (any, found) -> change.apply(found));
            if (webhook == null) {
                answer.onError(FakeErrors.error(ErrorCode.WEBHOOK_NOT_FOUND, Map.of("webhook", name)));
                return;
            }
            answer.onNext(webhook);
        }
        answer.onCompleted();
    }
}
