package io.eckermann.gateway;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a topic that the caller knows by name. Never blocks the caller: a topic written to before is remembered,
 * another one is looked up elsewhere. What this node knows of the topic may be old, so a topic that is missing here, or
 * gone when the write is applied, is looked up once more behind a barrier before the caller is told.
 */
public final class TopicWrites {
    private static final int KNOWN_MAX = 10_000;
    /** What is known of changes of settings while nobody knows whose; what is remembered with it never counts. */
    private static final long NEVER = -1;

    private final Shards shards;
    private final Executor reads;
    /** What a write needs of a topic; if that has changed, the write is refused and looks it up again. */
    private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();
    /** By topic, the last of the writes that wait for a look-up; it completes when that one was submitted. */
    private final ConcurrentHashMap<String, CompletableFuture<Void>> turns = new ConcurrentHashMap<>();

    /** @param settings what was known of changes of settings before it was looked up: it counts as long as that is so */
    private record Known(TopicState topic, long settings) {}

    private record Submitted(CompletableFuture<Result> result) {}

    /** @param reads where the view is asked */
    public TopicWrites(Shards shards, Executor reads) {
        this.shards = shards;
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
        Shard shard = shards.known(topic);
        // Before any look-up: what it finds may be older than what changes meanwhile.
        long settings = shard == null ? NEVER : shard.view().settingsChanges();
        TopicState found = turns.containsKey(topic) ? null : remembered(topic, settings);
        CompletableFuture<Result> first = found != null
                ? submit(found, operation.apply(found), deadline)
                : inTurn(topic, here(topic, deadline), settings, deadline, operation);
        return first.thenCompose(result -> {
            if (!isOutdated(result)) {
                return CompletableFuture.completedFuture(result);
            }
            known.remove(topic);
            return inTurn(topic, behindBarrier(topic, deadline), settings, deadline, operation);
        });
    }

    private CompletableFuture<Result> submit(TopicState topic, Operation operation, Deadline deadline) {
        return shards.of(topic.id()).writes().submit(operation, deadline.remaining());
    }

    /** Submits once the topic is found and the writes to it that came earlier are submitted. */
    private CompletableFuture<Result> inTurn(
            String topic,
            CompletableFuture<TopicState> lookUp,
            long settings,
            Deadline deadline,
            Function<TopicState, Operation> operation) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> before = turns.put(topic, mine);
        CompletableFuture<TopicState> found =
                before == null ? lookUp : before.thenCombine(lookUp, (submitted, state) -> state);
        // On another thread each, so that a long row of writes does not deepen the stack.
        return found.thenApplyAsync(
                        state -> {
                            remember(state, settings);
                            return new Submitted(submit(state, operation.apply(state), deadline));
                        },
                        reads)
                .whenComplete((submitted, failure) -> {
                    turns.remove(topic, mine);
                    mine.complete(null);
                })
                .thenCompose(Submitted::result);
    }

    private CompletableFuture<TopicState> here(String topic, Deadline deadline) {
        return shards.at(topic, Consistency.LOCAL, deadline)
                .thenApplyAsync(shard -> shard.view().topic(topic), reads)
                .thenCompose(found ->
                        found.map(CompletableFuture::completedFuture).orElseGet(() -> behindBarrier(topic, deadline)));
    }

    private CompletableFuture<TopicState> behindBarrier(String topic, Deadline deadline) {
        return shards.at(topic, Consistency.LINEARIZABLE, deadline)
                .thenCompose(shard -> shard.barrier()
                        .linearizable(deadline.remaining())
                        .thenApplyAsync(fresh -> ShardReads.topic(shard.view(), topic), reads));
    }

    private @Nullable TopicState remembered(String topic, long settings) {
        Known before = known.get(topic);
        return before != null && before.settings() == settings ? before.topic() : null;
    }

    /** Not one that validates: what is appended there is always judged where the view is asked, and it may take long. */
    private void remember(TopicState topic, long settings) {
        if (settings == NEVER || topic.settings().getValidate() != TopicSettings.Validate.OFF) {
            return;
        }
        if (known.size() >= KNOWN_MAX) {
            known.clear();
        }
        known.put(topic.name(), new Known(topic, settings));
    }

    /** Whether it was refused because the topic, or what was known of it, is not there any more. */
    static boolean isOutdated(Result result) {
        return result instanceof Result.Refused refused
                && (refused.code() == ErrorCode.TOPIC_NOT_FOUND || refused.code() == ErrorCode.TOPIC_CHANGED);
    }
}
