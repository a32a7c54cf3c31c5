package io.eckermann.statemachine.webhook;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Webhook;
import io.eckermann.statemachine.WebhookState;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.group.Groups;
import io.eckermann.statemachine.log.v1.CreateWebhook;
import io.eckermann.statemachine.log.v1.DeleteGroup;
import io.eckermann.statemachine.log.v1.GroupChange;
import io.eckermann.statemachine.log.v1.SetWebhookState;
import io.eckermann.statemachine.log.v1.UpdateWebhook;
import io.eckermann.statemachine.log.v1.WebhookChange;
import io.eckermann.statemachine.log.v1.WebhookOutcome;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.WebhookRow;
import java.util.Optional;
import java.util.SortedSet;

/** What commands do to webhooks. Apply thread; used for one operation. */
public final class Webhooks {
    private final StoreBatch batch;
    private final Groups groups;
    private final long leaderTimeNs;
    private final long raftIndex;

    /**
     * @param groups of the same topic and command
     * @param raftIndex of the command
     */
    public Webhooks(StoreBatch batch, Groups groups, long leaderTimeNs, long raftIndex) {
        this.batch = batch;
        this.groups = groups;
        this.leaderTimeNs = leaderTimeNs;
        this.raftIndex = raftIndex;
    }

    /**
     * Does what was asked for.
     *
     * @param news gets the ids of groups that have something to lease now, or are gone
     */
    public Result apply(WebhookChange change, SortedSet<Long> news) {
        Optional<WebhookState> found = WebhookTable.find(batch, change.getTopicId(), change.getName());
        if (change.hasCreate()) {
            return found.isPresent()
                    ? existing(found.get(), change.getCreate())
                    : create(change.getTopicId(), change.getName(), change.getCreate(), news);
        }
        if (found.isEmpty()) {
            return Result.Refused.of(notFound(change.getName()));
        }
        WebhookState webhook = found.get();
        return switch (change.getKindCase()) {
            case UPDATE -> update(webhook, change.getUpdate());
            case DELETE -> delete(webhook, news);
            case STATE -> state(webhook, change.getState());
            case CREATE, KIND_NOT_SET -> throw new AssertionError("it is done, or can't be decoded");
        };
    }

    private static Result existing(WebhookState webhook, CreateWebhook create) {
        return webhook.row().getSettings().equals(create.getSettings())
                ? changed(false)
                : Result.Refused.of(new StoreException(
                                ErrorCode.WEBHOOK_EXISTS,
                                "The webhook exists with other settings: change it, or take another name.")
                        .with("webhook", webhook.name()));
    }

    private Result create(long topicId, String name, CreateWebhook create, SortedSet<Long> news) {
        if (WebhookTable.all(batch).size() >= Limits.WEBHOOKS_MAX) {
            return Result.Refused.of(new StoreException(
                            ErrorCode.TOO_MANY_WEBHOOKS,
                            "There are as many webhooks as there may be: delete some that nobody needs.")
                    .with("max", Limits.WEBHOOKS_MAX));
        }
        Result group = groups.apply(
                GroupChange.newBuilder()
                        .setTopicId(topicId)
                        .setCreate(create.getGroup())
                        .build(),
                news);
        if (!(group instanceof Result.GroupChanged made)) {
            return group;
        }
        WebhookTable.put(
                batch,
                topicId,
                name,
                WebhookRow.newBuilder()
                        .setSettings(create.getSettings())
                        .setRequestsPerMinute(create.getRequestsPerMinute())
                        .setGroupId(made.outcome().getCreated().getGroupId())
                        .setCreatedNs(leaderTimeNs)
                        .setRevision(raftIndex)
                        .build());
        return changed(true);
    }

    private Result update(WebhookState webhook, UpdateWebhook update) {
        if (isOther(webhook, update.getRevision())) {
            return Result.Refused.of(changedMeanwhile(webhook));
        }
        return put(
                webhook,
                webhook.row().toBuilder()
                        .setSettings(update.getSettings())
                        .setRequestsPerMinute(update.getRequestsPerMinute()));
    }

    private Result state(WebhookState webhook, SetWebhookState to) {
        if (to.getRevision() > 0 && isOther(webhook, to.getRevision())) {
            return Result.Refused.of(changedMeanwhile(webhook));
        }
        String reason = to.getState() == Webhook.State.RETIRED ? to.getReason() : "";
        return put(webhook, webhook.row().toBuilder().setState(to.getState()).setReason(reason));
    }

    private Result put(WebhookState webhook, WebhookRow.Builder row) {
        WebhookTable.put(
                batch,
                webhook.topicId(),
                webhook.name(),
                row.setRevision(raftIndex).build());
        return changed(false);
    }

    private Result delete(WebhookState webhook, SortedSet<Long> news) {
        WebhookTable.delete(batch, webhook.topicId(), webhook.name());
        // Somebody may have deleted the group before: then there is nothing left to do.
        groups.apply(
                GroupChange.newBuilder()
                        .setTopicId(webhook.topicId())
                        .setGroupId(webhook.row().getGroupId())
                        .setDelete(DeleteGroup.getDefaultInstance())
                        .build(),
                news);
        return changed(false);
    }

    private static boolean isOther(WebhookState webhook, long revision) {
        return webhook.row().getRevision() != revision;
    }

    private static StoreException changedMeanwhile(WebhookState webhook) {
        return new StoreException(ErrorCode.WEBHOOK_CHANGED, "The webhook was changed just now: try again.")
                .with("webhook", webhook.name());
    }

    private static Result changed(boolean created) {
        return new Result.WebhookChanged(
                WebhookOutcome.newBuilder().setCreated(created).build());
    }

    /** What is answered for a webhook that is not there. */
    public static StoreException notFound(String name) {
        return new StoreException(ErrorCode.WEBHOOK_NOT_FOUND, "The topic has no such webhook: create it first.")
                .with("webhook", name);
    }
}
