package io.eckermann.gateway;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Writes to a topic that the caller knows by name. Never blocks the caller: a topic written to before is remembered,
 * another one is looked up elsewhere. What this node knows of the topic may be old, so a topic that is missing here, or
 * gone when the write is applied, is looked up once more behind a barrier before the caller is told.
 */
public final class TopicWrites {
    private static final int KNOWN_MAX = 10_000;

    private final Shard shard;
    private final Executor reads;
    /** What a write needs of a topic; if that has changed, the write is refused and looks it up again. */
    private final ConcurrentHashMap<String, TopicState> known = new ConcurrentHashMap<>();
    /** By topic, the last of the writes that wait for a look-up; it completes when that one was submitted. */
    private final ConcurrentHashMap<String, CompletableFuture<Void>> turns = new ConcurrentHashMap<>();

    private record Submitted(CompletableFuture<Result> result) {}

    /** @param reads where the view is asked */
    public TopicWrites(Shard shard, Executor reads) {
        this.shard = shard;
        this.reads = reads;
    }

    /**
     * Submits the operation. The writes of one thread to one topic are submitted in their order.
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
        TopicState found = turns.containsKey(topic) ? null : known.get(topic);
        CompletableFuture<Result> first = found != null
                ? shard.writes().submit(operation.apply(found), deadline.remaining())
                : inTurn(topic, here(topic, deadline), deadline, operation);
        return first.thenCompose(result -> {
            if (!isOutdated(result)) {
                return CompletableFuture.completedFuture(result);
            }
            known.remove(topic);
            return inTurn(topic, behindBarrier(topic, deadline), deadline, operation);
        });
    }

    /** Submits once the topic is found and the writes to it that came earlier are submitted. */
    private CompletableFuture<Result> inTurn(
            String topic,
            CompletableFuture<TopicState> lookUp,
            Deadline deadline,
            Function<TopicState, Operation> operation) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> before = turns.put(topic, mine);
        CompletableFuture<TopicState> found =
                before == null ? lookUp : before.thenCombine(lookUp, (submitted, state) -> state);
        // On another thread each, so that a long row of writes does not deepen the stack.
        return found.thenApplyAsync(
                        state -> {
                            remember(state);
                            return new Submitted(shard.writes().submit(operation.apply(state), deadline.remaining()));
                        },
                        reads)
                .whenComplete((submitted, failure) -> {
                    turns.remove(topic, mine);
                    mine.complete(null);
                })
                .thenCompose(Submitted::result);
    }

    private CompletableFuture<TopicState> here(String topic, Deadline deadline) {
        return CompletableFuture.supplyAsync(() -> shard.view().topic(topic), reads)
                .thenCompose(found ->
                        found.map(CompletableFuture::completedFuture).orElseGet(() -> behindBarrier(topic, deadline)));
    }

    private CompletableFuture<TopicState> behindBarrier(String topic, Deadline deadline) {
        return shard.barrier()
                .linearizable(deadline.remaining())
                .thenApplyAsync(fresh -> ShardReads.topic(shard.view(), topic), reads);
    }

    private void remember(TopicState topic) {
        if (known.size() >= KNOWN_MAX) {
            known.clear();
        }
        known.put(topic.name(), topic);
    }

    /** Whether it was refused because the topic, or what was known of it, is not there any more. */
    static boolean isOutdated(Result result) {
        return result instanceof Result.Refused refused
                && (refused.code() == ErrorCode.TOPIC_NOT_FOUND || refused.code() == ErrorCode.TOPIC_CHANGED);
    }
}
