package io.eckermann.gateway.grpc;

import io.eckermann.gateway.webhooks.WebhookUseCases;
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

/** {@code eckermann.v1.Webhooks}. */
public final class WebhooksService extends WebhooksGrpc.WebhooksImplBase {
    private final WebhookUseCases webhooks;

    public WebhooksService(WebhookUseCases webhooks) {
        this.webhooks = webhooks;
    }

    @Override
    public void createWebhook(CreateWebhookRequest request, StreamObserver<CreateWebhookResponse> observer) {
        Calls.answer(observer, timeout -> webhooks.create(request, timeout));
    }

    @Override
    public void getWebhook(GetWebhookRequest request, StreamObserver<Webhook> observer) {
        Calls.answer(observer, timeout -> webhooks.get(request, timeout));
    }

    @Override
    public void listWebhooks(ListWebhooksRequest request, StreamObserver<ListWebhooksResponse> observer) {
        Calls.answer(observer, timeout -> webhooks.list(request, timeout));
    }

    @Override
    public void updateWebhook(UpdateWebhookRequest request, StreamObserver<Webhook> observer) {
        Calls.answer(observer, timeout -> webhooks.update(request, timeout));
    }

    @Override
    public void deleteWebhook(DeleteWebhookRequest request, StreamObserver<DeleteWebhookResponse> observer) {
        Calls.answer(observer, timeout -> webhooks.delete(request, timeout));
    }

    @Override
    public void pauseWebhook(PauseWebhookRequest request, StreamObserver<Webhook> observer) {
        Calls.answer(observer, timeout -> webhooks.pause(request, timeout));
    }
}
