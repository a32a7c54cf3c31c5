package io.eckermann.gateway.webhooks;

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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What doors offer about webhooks. From any thread; never blocks. */
public interface WebhookUseCases {
    CompletableFuture<CreateWebhookResponse> create(CreateWebhookRequest request, Duration timeout);

    CompletableFuture<Webhook> get(GetWebhookRequest request, Duration timeout);

    CompletableFuture<ListWebhooksResponse> list(ListWebhooksRequest request, Duration timeout);

    CompletableFuture<Webhook> update(UpdateWebhookRequest request, Duration timeout);

    CompletableFuture<DeleteWebhookResponse> delete(DeleteWebhookRequest request, Duration timeout);

    CompletableFuture<Webhook> pause(PauseWebhookRequest request, Duration timeout);
}
