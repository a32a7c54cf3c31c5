package io.eckermann.gateway;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Writes to a topic that the caller knows by name. What this node knows of the topic may be old, so a topic that is
 * missing here, or gone when the write is applied, is looked up once more behind a barrier before the caller is told.
 */
public final class TopicWrites {
    private final Shard shard;
    private final Executor reads;

    /** @param reads where the view is asked again after a barrier */
    public TopicWrites(Shard shard, Executor reads) {
        this.shard = shard;
        this.reads = reads;
    }

    /**
     * Submits the operation. When this node knows the topic that happens before the method returns, so the writes of
     * one thread keep their order.
     *
     * @param operation makes the operation for the topic found; may throw a StoreException
     * @return fails as {@link WriteRoute#submit} does, and with what the operation was refused for
     */
    public <R extends Result> CompletableFuture<R> submit(
            String topic, Deadline deadline, Class<R> expected, Function<TopicState, Operation> operation) {
        return submitted(topic, deadline, operation).thenApply(result -> {
            if (result instanceof Result.Refused refused) {
                throw refused.toException().with("topic", topic);
            }
            return expected.cast(result);
        });
    }

    private CompletableFuture<Result> submitted(
            String topic, Deadline deadline, Function<TopicState, Operation> operation) {
        Optional<TopicState> known = shard.view().topic(topic);
        if (known.isEmpty()) {
            return submittedAfterBarrier(topic, deadline, operation);
        }
        return shard.writes()
                .submit(operation.apply(known.get()), deadline.remaining())
                .thenCompose(result -> isTopicGone(result)
                        ? submittedAfterBarrier(topic, deadline, operation)
                        : CompletableFuture.completedFuture(result));
    }

    private CompletableFuture<Result> submittedAfterBarrier(
            String topic, Deadline deadline, Function<TopicState, Operation> operation) {
        return shard.barrier()
                .linearizable(deadline.remaining())
                .thenApplyAsync(fresh -> operation.apply(ShardReads.topic(shard.view(), topic)), reads)
                .thenCompose(made -> shard.writes().submit(made, deadline.remaining()));
    }

    private static boolean isTopicGone(Result result) {
        return result instanceof Result.Refused refused && refused.code() == ErrorCode.TOPIC_NOT_FOUND;
    }
}
