package io.eckermann.gateway.http;

import io.eckermann.gateway.groups.GroupUseCases;
import io.eckermann.gateway.http.json.GroupJson;
import io.eckermann.gateway.http.json.WebhookJson;
import io.eckermann.gateway.webhooks.WebhookUseCases;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.v1.ChangeParkedRequest;
import io.eckermann.protocol.v1.DeleteWebhookRequest;
import io.eckermann.protocol.v1.GetWebhookRequest;
import io.eckermann.protocol.v1.ListParkedRequest;
import io.eckermann.protocol.v1.ListWebhooksRequest;
import io.eckermann.protocol.v1.PauseWebhookRequest;
import io.eckermann.protocol.v1.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code /v1/webhooks/{topic}/{webhook}}. What is parked is the business of the group behind it. */
final class WebhookRoute {
    private static final String PATH = "/v1/webhooks/{topic}/{webhook}";

    private final WebhookUseCases webhooks;
    private final GroupUseCases groups;
    private final Duration timeout;

    WebhookRoute(WebhookUseCases webhooks, GroupUseCases groups, Duration timeout) {
        this.webhooks = webhooks;
        this.groups = groups;
        this.timeout = timeout;
    }

    void register(Router router) {
        router.on("GET", "/v1/webhooks", this::list);
        router.on("PUT", PATH, this::create);
        router.on("GET", PATH, this::show);
        router.on("PATCH", PATH, this::update);
        router.on("DELETE", PATH, this::delete);
        router.on("POST", PATH + "/pause", http -> pause(http, true));
        router.on("POST", PATH + "/resume", http -> pause(http, false));
        router.on("GET", PATH + "/parked", this::parked);
        router.on("POST", PATH + "/parked/replay", http -> changeParked(http, ChangeParkedRequest.Action.REPLAY));
        router.on("POST", PATH + "/parked/drop", http -> changeParked(http, ChangeParkedRequest.Action.DROP));
    }

    private static String topic(Request http) {
        return http.variables().get(0);
    }

    private static String name(Request http) {
        return http.variables().get(1);
    }

    private static CompletableFuture<Answer> shown(CompletableFuture<Webhook> webhook) {
        return webhook.thenApply(found -> Answer.json(200, WebhookJson.webhook(found)));
    }

    private CompletableFuture<Answer> list(Request http) {
        Query query = http.query().only(List.of("topic", "consistency"));
        ListWebhooksRequest request = ListWebhooksRequest.newBuilder()
                .setTopic(query.text("topic").orElse(""))
                .setConsistency(query.consistency())
                .build();
        return webhooks.list(request, timeout)
                .thenApply(answer -> Answer.json(200, WebhookJson.webhooks(answer.getWebhooksList())));
    }

    private CompletableFuture<Answer> create(Request http) {
        http.query().only(List.of());
        return webhooks.create(
                        WebhookJson.create(Bodies.json(http))
                                .setTopic(topic(http))
                                .setName(name(http))
                                .build(),
                        timeout)
                .thenApply(answer -> {
                    byte[] shown = WebhookJson.webhook(answer.getWebhook());
                    return answer.getCreated()
                            ? Answer.json(201, shown).with("Location", "/v1/webhooks/" + topic(http) + "/" + name(http))
                            : Answer.json(200, shown);
                });
    }

    private CompletableFuture<Answer> show(Request http) {
        return shown(webhooks.get(
                GetWebhookRequest.newBuilder()
                        .setTopic(topic(http))
                        .setName(name(http))
                        .setConsistency(
                                http.query().only(List.of("consistency")).consistency())
                        .build(),
                timeout));
    }

    private CompletableFuture<Answer> update(Request http) {
        http.query().only(List.of());
        return shown(webhooks.update(
                WebhookJson.update(Bodies.json(http))
                        .setTopic(topic(http))
                        .setName(name(http))
                        .build(),
                timeout));
    }

    private CompletableFuture<Answer> delete(Request http) {
        http.query().only(List.of());
        DeleteWebhookRequest request = DeleteWebhookRequest.newBuilder()
                .setTopic(topic(http))
                .setName(name(http))
                .build();
        return webhooks.delete(request, timeout).thenApply(answer -> Answer.empty(204));
    }

    private CompletableFuture<Answer> pause(Request http, boolean paused) {
        http.query().only(List.of());
        return shown(webhooks.pause(
                PauseWebhookRequest.newBuilder()
                        .setTopic(topic(http))
                        .setName(name(http))
                        .setPaused(paused)
                        .build(),
                timeout));
    }

    private CompletableFuture<Answer> parked(Request http) {
        Query query = http.query().only(List.of("from", "limit", "consistency"));
        ListParkedRequest request = ListParkedRequest.newBuilder()
                .setTopic(topic(http))
                .setName(Names.groupOfWebhook(name(http)))
                .setFrom(query.number("from", 1, Long.MAX_VALUE).orElse(0))
                .setLimit((int) query.number("limit", 1, Limits.SETTLEMENTS_MAX).orElse(0))
                .setConsistency(query.consistency())
                .build();
        return groups.parked(request, timeout).thenApply(answer -> Answer.json(200, GroupJson.parked(answer)));
    }

    private CompletableFuture<Answer> changeParked(Request http, ChangeParkedRequest.Action action) {
        http.query().only(List.of());
        ChangeParkedRequest request = ChangeParkedRequest.newBuilder()
                .setTopic(topic(http))
                .setName(Names.groupOfWebhook(name(http)))
                .setAction(action)
                .addAllPositions(GroupJson.positions(Bodies.json(http)))
                .build();
        return groups.changeParked(request, timeout)
                .thenApply(answer -> Answer.json(200, GroupJson.parkedChanged(answer)));
    }
}
