package io.eckermann.gateway.append;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.SeveralTopicWrites;
import io.eckermann.gateway.Shard;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendManyResponse;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.ToIntFunction;

/** Appends to several topics and commits cursors in one write. Safe from any thread; never blocks the caller. */
final class ManyAppends {
    private final SeveralTopicWrites writes;
    private final Idempotency idempotency;
    private final ToIntFunction<TopicState> shardOf;

    /** With one shard, which has every topic. */
    ManyAppends(Shard shard, Executor reads, Idempotency idempotency) {
        this(shard, reads, idempotency, topic -> 0);
    }

    /** @param shardOf the shard that keeps a topic */
    ManyAppends(Shard shard, Executor reads, Idempotency idempotency, ToIntFunction<TopicState> shardOf) {
        this.writes = new SeveralTopicWrites(shard, reads);
        this.idempotency = idempotency;
        this.shardOf = shardOf;
    }

    /** May throw a StoreException at once. */
    CompletableFuture<AppendManyResponse> append(AppendManyRequest request, Duration timeout) {
        ManyRules.Checked checked = ManyRules.check(request, idempotency);
        return writes.submit(
                        checked.topics(),
                        Deadline.after(timeout),
                        Result.AppendedMany.class,
                        topics -> operation(checked, topics))
                .thenApply(result -> response(request, result));
    }

    private Operation operation(ManyRules.Checked checked, Map<String, TopicState> topics) {
        if (topics.values().stream().mapToInt(shardOf).distinct().count() > 1) {
            throw new StoreException(
                            ErrorCode.TOPICS_APART,
                            "The topics are in different shards: only topics of one shard can be appended to together.")
                    .with("topics", String.join(",", topics.keySet()));
        }
        return checked.operation(topics);
    }

    private static AppendManyResponse response(AppendManyRequest request, Result.AppendedMany result) {
        AppendManyResponse.Builder response = AppendManyResponse.newBuilder().setDuplicate(result.duplicate());
        result.appends().forEach(append -> response.addAppends(AppendHandler.response(append)));
        for (int i = 0; i < result.cursors().size(); i++) {
            response.addCursors(cursor(request.getCursors(i), result.cursors().get(i)));
        }
        return response.build();
    }

    private static Cursor cursor(CommitCursorRequest asked, Result.CursorCommitted done) {
        return Cursor.newBuilder()
                .setConsumer(asked.getConsumer())
                .setTopic(asked.getTopic())
                .setPosition(done.position())
                .setHead(done.head())
                .setLag(done.head() - done.position())
                .setCommittedNs(done.committedNs())
                .build();
    }
}
