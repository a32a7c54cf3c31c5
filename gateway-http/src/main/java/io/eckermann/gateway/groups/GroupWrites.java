package io.eckermann.gateway.groups;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.ShardReads;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.GroupState;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.log.v1.GroupChange;
import io.eckermann.statemachine.log.v1.GroupOutcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Changes of groups that the caller knows by name. What this node knows of a group may be old, so one that is missing here, or
 * gone when the change is applied, is looked up once more behind a barrier before the caller is told.
 */
final class GroupWrites {
    /** A group and its topic, at nearly one moment. */
    record Found(TopicState topic, GroupState group) {}

    private final GroupShard shard;

    GroupWrites(GroupShard shard) {
        this.shard = shard;
    }

    /** Finds the group, behind a barrier when it is not known here; fails with what does not exist. */
    CompletableFuture<Found> find(String topic, String group, Deadline deadline) {
        return CompletableFuture.supplyAsync(() -> here(topic, group), shard.reads())
                .thenCompose(found -> found.map(CompletableFuture::completedFuture)
                        .orElseGet(() -> findFresh(topic, group, deadline)));
    }

    /** Finds the group as it was when this was called, or as it is later. */
    CompletableFuture<Found> findFresh(String topic, String group, Deadline deadline) {
        return shard.shard()
                .barrier()
                .linearizable(deadline.remaining())
                .thenApplyAsync(fresh -> require(topic, group), shard.reads());
    }

    Found require(String topic, String group) {
        ShardReads.topic(shard.shard().view(), topic);
        return here(topic, group)
                .orElseThrow(() -> new StoreException(
                                ErrorCode.GROUP_NOT_FOUND, "No such group: create it first, or check its name.")
                        .with("group", group)
                        .with("topic", topic));
    }

    private Optional<Found> here(String topic, String group) {
        // The head is read after the group, as it must not be older.
        return shard.shard()
                .view()
                .topic(topic)
                .flatMap(known -> shard.groups().group(known.id(), group))
                .flatMap(found -> shard.shard().view().topic(found.topicId()).map(now -> new Found(now, found)));
    }

    /** Submits a change of the group. */
    CompletableFuture<GroupOutcome> submit(
            String topic, String group, Deadline deadline, Function<GroupState, GroupChange.Builder> change) {
        return find(topic, group, deadline)
                .thenCompose(found -> submit(found.group(), deadline, change))
                .thenCompose(result -> isGone(result)
                        ? findFresh(topic, group, deadline)
                                .thenCompose(found -> submit(found.group(), deadline, change))
                        : CompletableFuture.completedFuture(result))
                .thenApply(result -> outcome(result, topic, group));
    }

    private CompletableFuture<Result> submit(
            GroupState group, Deadline deadline, Function<GroupState, GroupChange.Builder> change) {
        return shard.shard().writes().submit(operation(group, change.apply(group)), deadline.remaining());
    }

    static Operation operation(GroupState group, GroupChange.Builder change) {
        return new Operation.ChangeGroup(
                change.setTopicId(group.topicId()).setGroupId(group.id()).build());
    }

    static GroupOutcome outcome(Result result, String topic, String group) {
        if (result instanceof Result.Refused refused) {
            throw refused.toException().with("topic", topic).with("group", group);
        }
        return ((Result.GroupChanged) result).outcome();
    }

    private static boolean isGone(Result result) {
        return result instanceof Result.Refused refused
                && (refused.code() == ErrorCode.GROUP_NOT_FOUND || refused.code() == ErrorCode.TOPIC_NOT_FOUND);
    }
}
