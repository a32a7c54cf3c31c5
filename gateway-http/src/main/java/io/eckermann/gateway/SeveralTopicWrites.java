package io.eckermann.gateway;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes that are about several topics, which the caller knows by name. Never blocks the caller. As with
 * {@link TopicWrites}, what this node knows may be old: then topics are looked up once more behind a barrier.
 */
public final class SeveralTopicWrites {
    private final Shards shards;
    private final Executor reads;

    /** @param reads where views are asked */
    public SeveralTopicWrites(Shards shards, Executor reads) {
        this.shards = shards;
        this.reads = reads;
    }

    /**
     * Submits one operation.
     *
     * @param operation makes it for the topics found, by name in the order asked for; may throw a StoreException
     * @return fails as {@link WriteRoute#submit} does, with what the operation was refused for, or with TOPICS_APART
     */
    public <R extends Result> CompletableFuture<R> submit(
            Collection<String> names,
            Deadline deadline,
            Class<R> expected,
            Function<Map<String, TopicState>, Operation> operation) {
        return shard(names, deadline)
                .thenCompose(shard -> CompletableFuture.supplyAsync(() -> known(shard, names), reads)
                        .thenCompose(known -> known == null
                                ? again(shard, names, deadline, operation)
                                : submitted(shard, known, deadline, operation)
                                        .thenCompose(result -> TopicWrites.isOutdated(result)
                                                ? again(shard, names, deadline, operation)
                                                : CompletableFuture.completedFuture(result))))
                .thenApply(result -> {
                    if (result instanceof Result.Refused refused) {
                        throw refused.toException();
                    }
                    return expected.cast(result);
                });
    }

    /** The one shard that has them all. */
    private CompletableFuture<Shard> shard(Collection<String> names, Deadline deadline) {
        CompletableFuture<Map<String, Shard>> found = CompletableFuture.completedFuture(new LinkedHashMap<>());
        for (String name : names) {
            found = found.thenCombine(shards.at(name, Consistency.LINEARIZABLE, deadline), (all, shard) -> {
                all.put(name, shard);
                return all;
            });
        }
        return found.thenCompose(all -> {
            Map.Entry<String, Shard> first = all.entrySet().iterator().next();
            for (Map.Entry<String, Shard> other : all.entrySet()) {
                if (!other.getValue().equals(first.getValue())) {
                    return existing(first, deadline).thenCombine(existing(other, deadline), (one, two) -> {
                        throw apart(first, other);
                    });
                }
            }
            return CompletableFuture.completedFuture(first.getValue());
        });
    }

    /** Whoever mistypes a name is told that, and not where the others are. */
    private CompletableFuture<TopicState> existing(Map.Entry<String, Shard> placed, Deadline deadline) {
        Shard shard = placed.getValue();
        return shard.barrier()
                .linearizable(deadline.remaining())
                .thenApplyAsync(fresh -> ShardReads.topic(shard.view(), placed.getKey()), reads);
    }

    private StoreException apart(Map.Entry<String, Shard> one, Map.Entry<String, Shard> other) {
        int first = shards.all().indexOf(one.getValue());
        int second = shards.all().indexOf(other.getValue());
        return new StoreException(
                        ErrorCode.TOPICS_APART,
                        "The topics are in different shards, " + first + " and " + second
                                + ": only topics of one shard can be written together.")
                .with("topics", one.getKey() + "," + other.getKey())
                .with("shards", first + "," + second);
    }

    private CompletableFuture<Result> again(
            Shard shard,
            Collection<String> names,
            Deadline deadline,
            Function<Map<String, TopicState>, Operation> operation) {
        return shard.barrier()
                .linearizable(deadline.remaining())
                .thenApplyAsync(fresh -> existing(shard, names), reads)
                .thenCompose(topics -> submitted(shard, topics, deadline, operation));
    }

    private static CompletableFuture<Result> submitted(
            Shard shard,
            Map<String, TopicState> topics,
            Deadline deadline,
            Function<Map<String, TopicState>, Operation> operation) {
        return shard.writes().submit(operation.apply(topics), deadline.remaining());
    }

    /** Null when this node does not know all of them. */
    private static @Nullable Map<String, TopicState> known(Shard shard, Collection<String> names) {
        try {
            return existing(shard, names);
        } catch (StoreException e) {
            if (e.code() == ErrorCode.TOPIC_NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    private static Map<String, TopicState> existing(Shard shard, Collection<String> names) {
        Map<String, TopicState> topics = new LinkedHashMap<>();
        for (String name : names) {
            topics.put(name, ShardReads.topic(shard.view(), name));
        }
        return topics;
    }
}
