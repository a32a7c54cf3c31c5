package io.eckermann.gateway.cursors;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Joined;
import io.eckermann.gateway.ShardReads;
import io.eckermann.gateway.Shards;
import io.eckermann.gateway.TopicWrites;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.DeleteCursorRequest;
import io.eckermann.protocol.v1.DeleteCursorResponse;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.ListCursorsResponse;
import io.eckermann.protocol.v1.ResetCursorRequest;
import io.eckermann.statemachine.CursorState;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Commits, resets and shows cursors. Safe from any thread; never blocks the caller. */
public final class CursorHandler {
    private final CursorAnswers answers;
    private final ShardReads reads;
    private final TopicWrites writes;

    /** @param clock says how long ago events were recorded */
    public CursorHandler(Shards shards, Executor reads, Clock clock) {
        this.answers = new CursorAnswers(shards, reads, clock);
        this.reads = new ShardReads(shards, reads);
        this.writes = new TopicWrites(shards, reads);
    }

    public CompletableFuture<Cursor> commit(CommitCursorRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            Deadline deadline = Deadline.after(timeout);
            String topic = Names.topic(request.getTopic());
            String consumer = Names.consumer(request.getConsumer());
            long position = notNegative("position", request.getPosition());
            OptionalLong expected = expected(request.hasExpected(), request.getExpected());
            if (!request.getNearest()) {
                Landing asked = new Landing(position, false);
                return move(topic, consumer, asked, expected, request.getAllowRewind(), deadline);
            }
            return reads.read(
                            topic,
                            Consistency.LINEARIZABLE,
                            deadline,
                            view -> Landing.at(position, ShardReads.topic(view, topic)))
                    .thenCompose(to -> move(topic, consumer, to, expected, request.getAllowRewind(), deadline));
        });
    }

    /** Looks where to put the cursor, with all that was acknowledged before, and then puts it there. */
    public CompletableFuture<Cursor> reset(ResetCursorRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            Deadline deadline = Deadline.after(timeout);
            String topic = Names.topic(request.getTopic());
            String consumer = Names.consumer(request.getConsumer());
            Landing.check(request);
            OptionalLong expected = expected(request.hasExpected(), request.getExpected());
            return reads.read(
                            topic,
                            Consistency.LINEARIZABLE,
                            deadline,
                            view -> Landing.of(request, view, ShardReads.topic(view, topic)))
                    .thenCompose(to -> move(topic, consumer, to, expected, true, deadline));
        });
    }

    private CompletableFuture<Cursor> move(
            String topic, String consumer, Landing to, OptionalLong expected, boolean rewind, Deadline deadline) {
        return writes.submit(
                        topic,
                        deadline,
                        Result.CursorCommitted.class,
                        found -> new Operation.CommitCursor(found.id(), consumer, to.position(), expected, rewind))
                .thenCompose(done -> answers.moved(teller -> teller.tell(consumer, topic, done).toBuilder()
                        .setSnapped(to.snapped())
                        .build()));
    }

    private static OptionalLong expected(boolean isSet, long expected) {
        return isSet ? OptionalLong.of(notNegative("expected", expected)) : OptionalLong.empty();
    }

    private static long notNegative(String field, long position) {
        if (position < 0) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "A cursor's position is not negative.")
                    .with("field", field)
                    .with(field, position);
        }
        return position;
    }

    public CompletableFuture<Cursor> get(GetCursorRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String consumer = Names.consumer(request.getConsumer());
            return reads.read(topic, request.getConsistency(), Deadline.after(timeout), view -> {
                CursorState cursor = view.cursor(ShardReads.topic(view, topic).id(), consumer)
                        .orElseThrow(() -> new StoreException(
                                        ErrorCode.CURSOR_NOT_FOUND, "This consumer has no cursor in the topic.")
                                .with("consumer", consumer)
                                .with("topic", topic));
                // The topic is read after the cursor, as it must not be older: a cursor is never beyond its head.
                return view.unread(cursor.topicId(), cursor.position())
                        .map(unread -> answers.found(cursor, unread))
                        .orElseThrow(() -> ShardReads.topicNotFound(topic));
            });
        });
    }

    /** Without a topic, those of all topics, in the order of the topics' names and then the consumers'. */
    public CompletableFuture<ListCursorsResponse> list(ListCursorsRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = request.getTopic().isEmpty() ? "" : Names.topic(request.getTopic());
            String consumer = request.getConsumer().isEmpty() ? "" : Names.consumer(request.getConsumer());
            return reads.readSome(topic, request.getConsistency(), Deadline.after(timeout), view -> {
                        List<TopicState> topics =
                                topic.isEmpty() ? view.topics("") : List.of(ShardReads.topic(view, topic));
                        List<Cursor> cursors = new ArrayList<>();
                        topics.forEach(each -> addCursors(view, each.id(), consumer, cursors));
                        return cursors;
                    })
                    .thenApply(found -> ListCursorsResponse.newBuilder()
                            .addAllCursors(Joined.byTopic(found, Cursor::getTopic))
                            .build());
        });
    }

    private void addCursors(ReadView view, long topicId, String consumer, List<Cursor> found) {
        List<CursorState> cursors = consumer.isEmpty()
                ? view.cursors(topicId)
                : view.cursor(topicId, consumer).stream().toList();
        for (CursorState cursor : cursors) {
            // Empty when the topic was deleted meanwhile: then its cursors are gone, too.
            view.unread(topicId, cursor.position()).ifPresent(unread -> found.add(answers.found(cursor, unread)));
        }
    }

    public CompletableFuture<DeleteCursorResponse> delete(DeleteCursorRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String consumer = Names.consumer(request.getConsumer());
            return writes.submit(
                            topic,
                            Deadline.after(timeout),
                            Result.Done.class,
                            found -> new Operation.DeleteCursor(found.id(), consumer))
                    .thenApply(done -> DeleteCursorResponse.getDefaultInstance());
        });
    }
}
