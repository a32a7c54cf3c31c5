package io.eckermann.gateway;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
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
    private final Shard shard;
    private final Executor reads;

    /** @param reads where the view is asked */
    public SeveralTopicWrites(Shard shard, Executor reads) {
        this.shard = shard;
        this.reads = reads;
    }

    /**
     * Submits one operation.
     *
     * @param operation makes it for the topics found, by name in the order asked for; may throw a StoreException
     * @return fails as {@link WriteRoute#submit} does, and with what the operation was refused for
     */
    public <R extends Result> CompletableFuture<R> submit(
            Collection<String> names,
            Deadline deadline,
            Class<R> expected,
            Function<Map<String, TopicState>, Operation> operation) {
        return CompletableFuture.supplyAsync(() -> known(names), reads)
                .thenCompose(known -> known == null
                        ? again(names, deadline, operation)
                        : submitted(known, deadline, operation)
                                .thenCompose(result -> TopicWrites.isOutdated(result)
                                        ? again(names, deadline, operation)
                                        : CompletableFuture.completedFuture(result)))
                .thenApply(result -> {
                    if (result instanceof Result.Refused refused) {
                        throw refused.toException();
                    }
                    return expected.cast(result);
                });
    }

    private CompletableFuture<Result> again(
            Collection<String> names, Deadline deadline, Function<Map<String, TopicState>, Operation> operation) {
        return shard.barrier()
                .linearizable(deadline.remaining())
                .thenApplyAsync(fresh -> existing(names), reads)
                .thenCompose(topics -> submitted(topics, deadline, operation));
    }

    private CompletableFuture<Result> submitted(
            Map<String, TopicState> topics, Deadline deadline, Function<Map<String, TopicState>, Operation> operation) {
        return shard.writes().submit(operation.apply(topics), deadline.remaining());
    }

    /** Null when this node does not know all of them. */
    private @Nullable Map<String, TopicState> known(Collection<String> names) {
        try {
            return existing(names);
        } catch (StoreException e) {
            if (e.code() == ErrorCode.TOPIC_NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    private Map<String, TopicState> existing(Collection<String> names) {
        Map<String, TopicState> topics = new LinkedHashMap<>();
        for (String name : names) {
            topics.put(name, ShardReads.topic(shard.view(), name));
        }
        return topics;
    }
}
