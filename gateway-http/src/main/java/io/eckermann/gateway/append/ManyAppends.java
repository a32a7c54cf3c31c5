package io.eckermann.gateway.append;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.SeveralTopicWrites;
import io.eckermann.gateway.ShardReads;
import io.eckermann.gateway.Shards;
import io.eckermann.gateway.cursors.CursorAnswers;
import io.eckermann.gateway.schemas.PayloadJudge;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendManyResponse;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Appends to several topics and commits cursors in one write. Safe from any thread; never blocks the caller. */
final class ManyAppends {
    private final SeveralTopicWrites writes;
    private final ShardReads questions;
    private final PayloadJudge judge;
    private final Idempotency idempotency;
    private final CursorAnswers cursors;

    ManyAppends(Shards shards, Executor reads, Idempotency idempotency, PayloadJudge judge) {
        this.writes = new SeveralTopicWrites(shards, reads);
        this.questions = new ShardReads(shards, reads);
        this.judge = judge;
        this.idempotency = idempotency;
        this.cursors = new CursorAnswers(shards, reads, Clock.systemUTC());
    }

    /** May throw a StoreException at once. */
    CompletableFuture<AppendManyResponse> append(AppendManyRequest request, Duration timeout) {
        ManyRules.Checked checked = ManyRules.check(request, idempotency);
        Deadline deadline = Deadline.after(timeout);
        return submit(checked, deadline, topics -> {
                    Operation operation = checked.operation(topics);
                    judge(checked, topics);
                    return operation;
                })
                .exceptionallyCompose(failure -> ofRetry(checked, failure, deadline))
                .thenCompose(result -> answer(request, result));
    }

    private CompletableFuture<Result.AppendedMany> submit(
            ManyRules.Checked checked, Deadline deadline, Function<Map<String, TopicState>, Operation> operation) {
        return writes.submit(checked.topics(), deadline, Result.AppendedMany.class, operation);
    }

    private void judge(ManyRules.Checked checked, Map<String, TopicState> topics) {
        for (int i = 0; i < checked.appends().size(); i++) {
            String name = checked.request().getAppends(i).getTopic();
            TopicState topic = Objects.requireNonNull(topics.get(name));
            if (!PayloadJudge.isWanted(topic)) {
                continue;
            }
            try {
                judge.judge(topic, checked.appends().get(i).encoded());
            } catch (StoreException e) {
                throw e.with("topic", name);
            }
        }
    }

    /** As for an append to one topic: what was accepted before gets its first result, whatever the schemas say by now. */
    private CompletableFuture<Result.AppendedMany> ofRetry(
            ManyRules.Checked checked, Throwable failure, Deadline deadline) {
        if (Failures.storeException(failure).code() != ErrorCode.SCHEMA_MISMATCH
                || checked.request().getIdempotencyKey().isEmpty()) {
            return CompletableFuture.failedFuture(failure);
        }
        return questions
                .read(checked.topics().iterator().next(), Consistency.LINEARIZABLE, deadline, view -> {
                    Map<String, TopicState> topics = new HashMap<>();
                    checked.topics().forEach(name -> topics.put(name, ShardReads.topic(view, name)));
                    return view.wasAccepted(0, null, checked.operation(topics).request());
                })
                .thenCompose(before -> before
                        ? submit(checked, deadline, checked::operation)
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<AppendManyResponse> answer(AppendManyRequest request, Result.AppendedMany result) {
        AppendManyResponse.Builder response = AppendManyResponse.newBuilder().setDuplicate(result.duplicate());
        result.appends().forEach(append -> response.addAppends(AppendHandler.response(append)));
        if (result.cursors().isEmpty()) {
            return CompletableFuture.completedFuture(response.build());
        }
        return cursors.moved(teller -> cursors(request, result, teller))
                .thenApply(told -> response.addAllCursors(told).build());
    }

    private static List<Cursor> cursors(
            AppendManyRequest request, Result.AppendedMany result, CursorAnswers.Teller teller) {
        List<Cursor> told = new ArrayList<>();
        for (int i = 0; i < result.cursors().size(); i++) {
            CommitCursorRequest asked = request.getCursors(i);
            told.add(teller.tell(
                    asked.getConsumer(), asked.getTopic(), result.cursors().get(i)));
        }
        return told;
    }
}
