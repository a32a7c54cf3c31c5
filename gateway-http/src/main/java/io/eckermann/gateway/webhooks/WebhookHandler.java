package io.eckermann.gateway.webhooks;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Joined;
import io.eckermann.gateway.ShardReads;
import io.eckermann.gateway.Shards;
import io.eckermann.gateway.TopicWrites;
import io.eckermann.gateway.groups.GroupStarts;
import io.eckermann.gateway.groups.GroupUseCases;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.CreateWebhookRequest;
import io.eckermann.protocol.v1.CreateWebhookResponse;
import io.eckermann.protocol.v1.DeleteWebhookRequest;
import io.eckermann.protocol.v1.DeleteWebhookResponse;
import io.eckermann.protocol.v1.GetGroupRequest;
import io.eckermann.protocol.v1.GetWebhookRequest;
import io.eckermann.protocol.v1.Group;
import io.eckermann.protocol.v1.GroupStart;
import io.eckermann.protocol.v1.ListWebhooksRequest;
import io.eckermann.protocol.v1.ListWebhooksResponse;
import io.eckermann.protocol.v1.PauseWebhookRequest;
import io.eckermann.protocol.v1.UpdateWebhookRequest;
import io.eckermann.protocol.v1.Webhook;
import io.eckermann.protocol.v1.WebhookSettings;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.WebhookState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.log.v1.CreateGroup;
import io.eckermann.statemachine.log.v1.CreateWebhook;
import io.eckermann.statemachine.log.v1.DeleteWebhook;
import io.eckermann.statemachine.log.v1.SetWebhookState;
import io.eckermann.statemachine.log.v1.UpdateWebhook;
import io.eckermann.statemachine.log.v1.WebhookChange;
import io.eckermann.statemachine.webhook.Webhooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Webhooks, with the real shard behind them. Safe from any thread; never blocks the caller. */
public final class WebhookHandler implements WebhookUseCases {
    private final GroupUseCases groups;
    private final WebhookCalls calls;
    private final ShardReads questions;
    private final TopicWrites writes;

    /** @param reads where the view is asked */
    public WebhookHandler(Shards shards, GroupUseCases groups, WebhookCalls calls, Executor reads) {
        this.groups = groups;
        this.calls = calls;
        this.questions = new ShardReads(shards, reads);
        this.writes = new TopicWrites(shards, reads);
    }

    private record Named(String topic, WebhookState webhook) {}

    @Override
    public CompletableFuture<CreateWebhookResponse> create(CreateWebhookRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String name = Names.webhook(request.getName());
            WebhookSettings settings = WebhookRules.complete(request.getSettings());
            GroupStart start = request.hasStart()
                    ? request.getStart()
                    : GroupStart.newBuilder().setLatest(true).build();
            GroupStarts.check(start);
            Deadline deadline = Deadline.after(timeout);
            return questions
                    .read(topic, Consistency.LINEARIZABLE, deadline, view -> GroupStarts.of(view, topic, start))
                    .thenCompose(from -> calls.handshake(settings.getUrl())
                            .thenCompose(rate -> submit(
                                    topic,
                                    name,
                                    deadline,
                                    WebhookChange.newBuilder().setCreate(creation(name, settings, rate, from)))))
                    .thenCompose(done -> shown(topic, name, deadline)
                            .thenApply(webhook -> CreateWebhookResponse.newBuilder()
                                    .setWebhook(webhook)
                                    .setCreated(done.outcome().getCreated())
                                    .build()));
        });
    }

    private static CreateWebhook creation(String name, WebhookSettings settings, int rate, long from) {
        return CreateWebhook.newBuilder()
                .setSettings(settings)
                .setRequestsPerMinute(rate)
                .setGroup(CreateGroup.newBuilder()
                        .setName(Names.groupOfWebhook(name))
                        .setSettings(WebhookRules.group(settings))
                        .setStart(from))
                .build();
    }

    @Override
    public CompletableFuture<Webhook> get(GetWebhookRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String name = Names.webhook(request.getName());
            Deadline deadline = Deadline.after(timeout);
            return questions
                    .read(topic, request.getConsistency(), deadline, view -> existing(view, topic, name))
                    .thenCompose(found -> message(found, deadline));
        });
    }

    @Override
    public CompletableFuture<ListWebhooksResponse> list(ListWebhooksRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = request.getTopic().isEmpty() ? "" : Names.topic(request.getTopic());
            Deadline deadline = Deadline.after(timeout);
            return questions
                    .readSome(topic, request.getConsistency(), deadline, view -> named(view, topic))
                    .thenApply(found -> Joined.byTopic(found, Named::topic))
                    .thenCompose(found -> {
                        List<CompletableFuture<Webhook>> all = new ArrayList<>();
                        found.forEach(each -> all.add(message(each, deadline)));
                        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                                .thenApply(done -> {
                                    ListWebhooksResponse.Builder response = ListWebhooksResponse.newBuilder();
                                    all.forEach(webhook -> response.addWebhooks(webhook.join()));
                                    return response.build();
                                });
                    });
        });
    }

    private static List<Named> named(ReadView view, String topic) {
        long topicId = topic.isEmpty() ? 0 : ShardReads.topic(view, topic).id();
        List<Named> found = new ArrayList<>();
        // A topic may be deleted meanwhile, and its webhooks with it.
        view.webhooks(topicId)
                .forEach(webhook ->
                        view.topic(webhook.topicId()).ifPresent(there -> found.add(new Named(there.name(), webhook))));
        return found;
    }

    @Override
    public CompletableFuture<Webhook> update(UpdateWebhookRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String name = Names.webhook(request.getName());
            Deadline deadline = Deadline.after(timeout);
            return questions
                    .read(topic, Consistency.LINEARIZABLE, deadline, view -> existing(view, topic, name))
                    .thenCompose(found -> updated(found, request, deadline))
                    .thenCompose(done -> shown(topic, name, deadline));
        });
    }

    private CompletableFuture<Result.WebhookChanged> updated(
            Named found, UpdateWebhookRequest request, Deadline deadline) {
        WebhookSettings before = found.webhook().row().getSettings();
        WebhookSettings after = WebhookRules.changed(before, request);
        CompletableFuture<Integer> rate = after.getUrl().equals(before.getUrl())
                ? CompletableFuture.completedFuture(found.webhook().row().getRequestsPerMinute())
                : calls.handshake(after.getUrl());
        return rate.thenCompose(allowed -> submit(
                found.topic(),
                found.webhook().name(),
                deadline,
                WebhookChange.newBuilder()
                        .setUpdate(UpdateWebhook.newBuilder()
                                .setSettings(after)
                                .setRequestsPerMinute(allowed)
                                .setRevision(found.webhook().row().getRevision()))));
    }

    @Override
    public CompletableFuture<DeleteWebhookResponse> delete(DeleteWebhookRequest request, Duration timeout) {
        return Failures.guarded(() -> submit(
                        Names.topic(request.getTopic()),
                        Names.webhook(request.getName()),
                        Deadline.after(timeout),
                        WebhookChange.newBuilder().setDelete(DeleteWebhook.getDefaultInstance()))
                .thenApply(done -> DeleteWebhookResponse.getDefaultInstance()));
    }

    @Override
    public CompletableFuture<Webhook> pause(PauseWebhookRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String name = Names.webhook(request.getName());
            Deadline deadline = Deadline.after(timeout);
            Webhook.State to = request.getPaused() ? Webhook.State.PAUSED : Webhook.State.ACTIVE;
            return questions
                    .read(topic, Consistency.LINEARIZABLE, deadline, view -> existing(view, topic, name))
                    .thenCompose(found -> asked(found.webhook(), to))
                    .thenCompose(yes -> submit(
                            topic,
                            name,
                            deadline,
                            WebhookChange.newBuilder()
                                    .setState(SetWebhookState.newBuilder().setState(to))))
                    .thenCompose(done -> shown(topic, name, deadline));
        });
    }

    /** Who wanted no more events is asked before it gets any. */
    private CompletableFuture<Integer> asked(WebhookState webhook, Webhook.State to) {
        boolean comesBack = to == Webhook.State.ACTIVE && webhook.row().getState() == Webhook.State.RETIRED;
        return comesBack ? calls.handshake(webhook.row().getSettings().getUrl()) : CompletableFuture.completedFuture(0);
    }

    private CompletableFuture<Result.WebhookChanged> submit(
            String topic, String name, Deadline deadline, WebhookChange.Builder change) {
        return writes.submit(
                topic,
                deadline,
                Result.WebhookChanged.class,
                found -> new Operation.ChangeWebhook(
                        change.setTopicId(found.id()).setName(name).build()));
    }

    private CompletableFuture<Webhook> shown(String topic, String name, Deadline deadline) {
        return questions
                .read(topic, Consistency.LINEARIZABLE, deadline, view -> existing(view, topic, name))
                .thenCompose(found -> message(found, deadline));
    }

    private static Named existing(ReadView view, String topic, String name) {
        TopicState found = ShardReads.topic(view, topic);
        return new Named(
                topic,
                view.webhook(found.id(), name)
                        .orElseThrow(() -> Webhooks.notFound(name).with("topic", topic)));
    }

    private CompletableFuture<Webhook> message(Named named, Deadline deadline) {
        WebhookState webhook = named.webhook();
        Webhook.Builder message = Webhook.newBuilder()
                .setName(webhook.name())
                .setTopic(named.topic())
                .setSettings(webhook.row().getSettings().toBuilder().clearSecret())
                .setSigned(!webhook.row().getSettings().getSecret().isEmpty())
                .setState(webhook.row().getState())
                .setReason(webhook.row().getReason())
                .setCreatedNs(webhook.row().getCreatedNs())
                .setRequestsPerMinute(webhook.row().getRequestsPerMinute());
        return groups.get(
                        GetGroupRequest.newBuilder()
                                .setTopic(named.topic())
                                .setName(Names.groupOfWebhook(webhook.name()))
                                .setConsistency(Consistency.LOCAL)
                                .build(),
                        deadline.remaining())
                // Somebody may have deleted the group: the webhook can still be shown, and deleted.
                .exceptionally(failure -> Group.getDefaultInstance())
                .thenApply(group -> group.getName().isEmpty()
                        ? message.build()
                        : message.setGroup(group).build());
    }
}
