package io.eckermann.gateway.append;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Shard;
import io.eckermann.gateway.TopicWrites;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Appends events to a topic. Safe from any thread; never blocks the caller. */
public final class AppendHandler {
    private final TopicWrites writes;

    public AppendHandler(Shard shard, Executor reads) {
        this.writes = new TopicWrites(shard, reads);
    }

    /**
     * Checks the append and submits it. Appends of one thread to a topic this node knows are submitted in their order.
     * The future fails with a StoreException only.
     */
    public CompletableFuture<AppendResponse> append(AppendRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            AppendRules.Checked checked = AppendRules.check(request);
            return writes.submit(request.getTopic(), Deadline.after(timeout), Result.Appended.class, checked::operation)
                    .thenApply(AppendHandler::response);
        });
    }

    private static AppendResponse response(Result.Appended appended) {
        return AppendResponse.newBuilder()
                .setFirst(appended.first())
                .setLast(appended.first() + appended.count() - 1)
                .setHead(appended.head())
                .setRecordedNs(appended.recordedNs())
                .setDuplicate(appended.duplicate())
                .build();
    }
}
