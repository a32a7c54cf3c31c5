package io.eckermann.gateway.append;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.ShardReads;
import io.eckermann.gateway.Shards;
import io.eckermann.gateway.TopicWrites;
import io.eckermann.gateway.access.Principal;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.gateway.schemas.PayloadJudge;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendManyResponse;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/** Appends events to a topic, or to several at once. Safe from any thread; never blocks the caller. */
public final class AppendHandler {
    /** Enough for the entries in flight and as much again behind them. */
    private static final long BUSY_BYTES = 8 << 20;
    /** Twice what the log admits: appends also wait for their topic to be looked up, and for another node. */
    private static final long BYTES_MAX = 64 << 20;

    private final TopicWrites writes;
    private final ManyAppends many;
    private final ShardReads questions;
    private final Idempotency idempotency;
    private final PayloadJudge judge;
    private final Quotas quotas;
    private final AdmittedBytes admitted = new AdmittedBytes(BUSY_BYTES, BYTES_MAX);

    /** @param quotas of whoever makes the call that the calling thread is about, and of topics */
    public AppendHandler(Shards shards, Executor reads, Idempotency idempotency, Quotas quotas) {
        this.quotas = quotas;
        this.idempotency = idempotency;
        this.judge = new PayloadJudge(shards);
        this.writes = new TopicWrites(shards, reads);
        this.many = new ManyAppends(shards, reads, idempotency, judge);
        this.questions = new ShardReads(shards, reads);
    }

    /**
     * Checks the append and submits it. Appends of one thread to a topic this node knows are submitted in their order.
     * The future fails with a StoreException only; with OVERLOADED when this node holds too many bytes already.
     */
    public CompletableFuture<AppendResponse> append(AppendRequest request, Duration timeout) {
        int bytes = request.getSerializedSize();
        return admitted(bytes, () -> {
            quotas.take(Principal.current(), List.of(request.getTopic()), events(request), bytes);
            return submit(request, timeout);
        });
    }

    /** Checks an append to several topics, with commits of cursors, and submits it: all or none. Fails as {@link #append}. */
    public CompletableFuture<AppendManyResponse> appendMany(AppendManyRequest request, Duration timeout) {
        int bytes = request.getSerializedSize();
        return admitted(bytes, () -> {
            List<String> topics = request.getAppendsList().stream()
                    .map(AppendRequest::getTopic)
                    .toList();
            long events = request.getAppendsList().stream()
                    .mapToLong(AppendHandler::events)
                    .sum();
            quotas.take(Principal.current(), topics, events, bytes);
            return many.append(request, timeout);
        });
    }

    private static long events(AppendRequest request) {
        return request.hasEncoded()
                ? request.getEncoded().getCount()
                : request.getEvents().getEventsCount();
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
        AppendRules.Checked checked =
                AppendRules.check(request, idempotency, new TraceMarks(request.getSerializedSize()));
        Deadline deadline = Deadline.after(timeout);
        Judged judged = new Judged(checked);
        CompletableFuture<Result.Appended> appended =
                writes.submit(request.getTopic(), deadline, Result.Appended.class, judged);
        if (!judged.unjudged) {
            appended =
                    appended.exceptionallyCompose(failure -> ofRetry(request.getTopic(), checked, failure, deadline));
        }
        return appended.thenApply(AppendHandler::response);
    }

    /** Makes the operation, and lets it be judged where the topic wants that. */
    private final class Judged implements Function<TopicState, Operation> {
        private final AppendRules.Checked checked;
        /** It was made at once, as is usual, and nobody looked at payloads: so nothing can have been refused for them. */
        private boolean unjudged;

        Judged(AppendRules.Checked checked) {
            this.checked = checked;
        }

        @Override
        public Operation apply(TopicState topic) {
            Operation operation = checked.operation(topic);
            if (PayloadJudge.isWanted(topic)) {
                judge.judge(topic, checked.encoded());
            } else {
                unjudged = true;
            }
            return operation;
        }
    }

    /**
     * What satisfied the schema when it was accepted gets its first result again, whatever the schema says by now: to who
     * retries, a refusal would mean that it was not done.
     */
    private CompletableFuture<Result.Appended> ofRetry(
            String topic, AppendRules.Checked checked, Throwable failure, Deadline deadline) {
        Operation.ProducerSequence producer = checked.producer();
        Particulars.Request key = checked.particulars().request();
        if (Failures.storeException(failure).code() != ErrorCode.SCHEMA_MISMATCH || (producer == null && key == null)) {
            return CompletableFuture.failedFuture(failure);
        }
        return questions
                .read(
                        topic,
                        Consistency.LINEARIZABLE,
                        deadline,
                        view -> view.wasAccepted(ShardReads.topic(view, topic).id(), producer, key))
                .thenCompose(before -> before
                        ? writes.submit(topic, deadline, Result.Appended.class, checked::operation)
                        : CompletableFuture.failedFuture(failure));
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
