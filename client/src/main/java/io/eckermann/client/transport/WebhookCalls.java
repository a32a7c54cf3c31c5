package io.eckermann.client.transport;

import io.eckermann.client.transport.Calls.Kind;
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
import java.util.concurrent.CompletableFuture;

/** The calls about webhooks; as {@link Calls}. */
public final class WebhookCalls {
    private final Calls calls;

    public WebhookCalls(Calls calls) {
        this.calls = calls;
    }

    public CompletableFuture<CreateWebhookResponse> create(CreateWebhookRequest request) {
        return calls.call(WebhooksGrpc.getCreateWebhookMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<Webhook> get(GetWebhookRequest request) {
        return calls.call(WebhooksGrpc.getGetWebhookMethod(), request, Kind.READ);
    }

    public CompletableFuture<ListWebhooksResponse> list(ListWebhooksRequest request) {
        return calls.call(WebhooksGrpc.getListWebhooksMethod(), request, Kind.READ);
    }

    public CompletableFuture<Webhook> update(UpdateWebhookRequest request) {
        return calls.call(WebhooksGrpc.getUpdateWebhookMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<DeleteWebhookResponse> delete(DeleteWebhookRequest request) {
        return calls.call(WebhooksGrpc.getDeleteWebhookMethod(), request, Kind.ONCE);
    }

    public CompletableFuture<Webhook> pause(PauseWebhookRequest request) {
        return calls.call(WebhooksGrpc.getPauseWebhookMethod(), request, Kind.IDEMPOTENT);
    }
}
