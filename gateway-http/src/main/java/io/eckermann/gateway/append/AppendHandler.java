package io.eckermann.gateway.append;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Shard;
import io.eckermann.gateway.TopicWrites;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendManyResponse;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Appends events to a topic, or to several at once. Safe from any thread; never blocks the caller. */
public final class AppendHandler {
    /** Enough for the entries in flight and as much again behind them. */
    private static final long BUSY_BYTES = 8 << 20;
    /** Twice what the log admits: appends also wait for their topic to be looked up, and for another node. */
    private static final long BYTES_MAX = 64 << 20;

    private final TopicWrites writes;
    private final ManyAppends many;
    private final Idempotency idempotency;
    private final AdmittedBytes admitted = new AdmittedBytes(BUSY_BYTES, BYTES_MAX);

    public AppendHandler(Shard shard, Executor reads, Idempotency idempotency) {
        this.idempotency = idempotency;
        this.writes = new TopicWrites(shard, reads);
        this.many = new ManyAppends(shard, reads, idempotency);
    }

    /**
     * Checks the append and submits it. Appends of one thread to a topic this node knows are submitted in their order.
     * The future fails with a StoreException only; with OVERLOADED when this node holds too many bytes already.
     */
    public CompletableFuture<AppendResponse> append(AppendRequest request, Duration timeout) {
        return admitted(request.getSerializedSize(), () -> submit(request, timeout));
    }

    /** Checks an append to several topics, with commits of cursors, and submits it: all or none. Fails as {@link #append}. */
    public CompletableFuture<AppendManyResponse> appendMany(AppendManyRequest request, Duration timeout) {
        return admitted(request.getSerializedSize(), () -> many.append(request, timeout));
    }

    private <T> CompletableFuture<T> admitted(int bytes, Supplier<CompletableFuture<T>> submission) {
        return Failures.guarded(() -> {
            admitted.take(bytes);
            try {
                return submission.get().whenComplete((response, failure) -> admitted.give(bytes));
            } catch (RuntimeException e) {
                admitted.give(bytes);
                throw e;
            }
        });
    }

    private CompletableFuture<AppendResponse> submit(AppendRequest request, Duration timeout) {
        AppendRules.Checked checked = AppendRules.check(request, idempotency);
        return writes.submit(request.getTopic(), Deadline.after(timeout), Result.Appended.class, checked::operation)
                .thenApply(AppendHandler::response);
    }

    /** Whether so much is under way that a caller who has part in it may as well wait before sending more. */
    public boolean isBusy() {
        return admitted.isBusy();
    }

    static AppendResponse response(Result.Appended appended) {
        return AppendResponse.newBuilder()
                .setFirst(appended.first())
                .setLast(appended.first() + appended.count() - 1)
                .setHead(appended.head())
                .setRecordedNs(appended.recordedNs())
                .setDuplicate(appended.duplicate())
                .build();
    }
}
