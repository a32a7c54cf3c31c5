package io.eckermann.gateway.cursors;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Shard;
import io.eckermann.gateway.ShardReads;
import io.eckermann.gateway.TopicWrites;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.DeleteCursorRequest;
import io.eckermann.protocol.v1.DeleteCursorResponse;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.ListCursorsResponse;
import io.eckermann.statemachine.CursorState;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Commits and shows cursors. Safe from any thread; never blocks the caller. */
public final class CursorHandler {
    private final ShardReads reads;
    private final TopicWrites writes;

    public CursorHandler(Shard shard, Executor reads) {
        this.reads = new ShardReads(shard, reads);
        this.writes = new TopicWrites(shard, reads);
    }

    public CompletableFuture<Cursor> commit(CommitCursorRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String consumer = Names.consumer(request.getConsumer());
            long position = notNegative("position", request.getPosition());
            OptionalLong expected = request.hasExpected()
                    ? OptionalLong.of(notNegative("expected", request.getExpected()))
                    : OptionalLong.empty();
            return writes.submit(
                            topic,
                            Deadline.after(timeout),
                            Result.CursorCommitted.class,
                            found -> new Operation.CommitCursor(
                                    found.id(), consumer, position, expected, request.getAllowRewind()))
                    .thenApply(done -> message(consumer, topic, done.position(), 1, done.head(), done.committedNs()));
        });
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
            return reads.read(request.getConsistency(), Deadline.after(timeout), view -> {
                CursorState cursor = view.cursor(ShardReads.topic(view, topic).id(), consumer)
                        .orElseThrow(() -> new StoreException(
                                        ErrorCode.CURSOR_NOT_FOUND, "This consumer has no cursor in the topic.")
                                .with("consumer", consumer)
                                .with("topic", topic));
                // The head is read after the cursor, as it must not be older: a cursor is never beyond it.
                return message(cursor, ShardReads.topic(view, topic));
            });
        });
    }

    /** Without a topic, those of all topics, in the order of the topics' names and then the consumers'. */
    public CompletableFuture<ListCursorsResponse> list(ListCursorsRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = request.getTopic().isEmpty() ? "" : Names.topic(request.getTopic());
            String consumer = request.getConsumer().isEmpty() ? "" : Names.consumer(request.getConsumer());
            return reads.read(request.getConsistency(), Deadline.after(timeout), view -> {
                List<TopicState> topics = topic.isEmpty() ? view.topics("") : List.of(ShardReads.topic(view, topic));
                ListCursorsResponse.Builder response = ListCursorsResponse.newBuilder();
                topics.forEach(each -> addCursors(view, each.id(), consumer, response));
                return response.build();
            });
        });
    }

    private static void addCursors(ReadView view, long topicId, String consumer, ListCursorsResponse.Builder response) {
        List<CursorState> cursors = consumer.isEmpty()
                ? view.cursors(topicId)
                : view.cursor(topicId, consumer).stream().toList();
        if (!cursors.isEmpty()) {
            // Empty when the topic was deleted meanwhile: then its cursors are gone, too.
            view.topic(topicId)
                    .ifPresent(topic -> cursors.forEach(cursor -> response.addCursors(message(cursor, topic))));
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

    private static Cursor message(CursorState cursor, TopicState topic) {
        return message(
                cursor.consumer(), topic.name(), cursor.position(), topic.first(), topic.head(), cursor.committedNs());
    }

    /** @param first of the events that can still be read */
    private static Cursor message(
            String consumer, String topic, long position, long first, long head, long committedNs) {
        return Cursor.newBuilder()
                .setConsumer(consumer)
                .setTopic(topic)
                .setPosition(position)
                .setHead(head)
                .setLag(head - Math.max(position, first - 1))
                .setCommittedNs(committedNs)
                .build();
    }
}
