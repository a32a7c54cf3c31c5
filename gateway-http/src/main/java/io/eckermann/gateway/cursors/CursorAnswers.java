package io.eckermann.gateway.cursors;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Shards;
import io.eckermann.gateway.cluster.Nanos;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.statemachine.CursorState;
import io.eckermann.statemachine.Unread;
import io.eckermann.statemachine.command.Result;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** What is told of cursors. Safe from any thread. */
public final class CursorAnswers {
    private final Shards shards;
    private final Executor reads;
    private final Clock clock;

    /**
     * @param reads where it is looked what is still to be read, as that may touch the disk; may refuse
     * @param clock says how long ago events were recorded
     */
    public CursorAnswers(Shards shards, Executor reads, Clock clock) {
        this.shards = shards;
        this.reads = reads;
        this.clock = clock;
    }

    /** Tells of a cursor that was just put somewhere. */
    @FunctionalInterface
    public interface Teller {
        Cursor tell(String consumer, String topic, Result.CursorCommitted done);
    }

    /**
     * Makes an answer to who moved cursors, once or twice: with what this node can say of what is still to be read; when it
     * can't look, with only what the leader said. It is done by then, so it must not seem to have failed.
     */
    public <T> CompletableFuture<T> moved(Function<Teller, T> answer) {
        return Failures.guarded(() -> CompletableFuture.supplyAsync(() -> answer.apply(this::moved), reads))
                .exceptionally(failure ->
                        answer.apply((consumer, topic, done) -> placed(Cursor.newBuilder(), consumer, topic, done)));
    }

    /** This node may know of less than the leader that moved the cursor. */
    private Cursor moved(String consumer, String topic, Result.CursorCommitted done) {
        Cursor.Builder cursor = Optional.ofNullable(shards.known(topic))
                .flatMap(known ->
                        known.view().topic(topic).flatMap(found -> known.view().unread(found.id(), done.position())))
                .map(unread -> message(consumer, done.position(), done.committedNs(), unread))
                .orElseGet(Cursor::newBuilder)
                .setSnapped(false);
        return placed(cursor, consumer, topic, done);
    }

    private static Cursor placed(Cursor.Builder cursor, String consumer, String topic, Result.CursorCommitted done) {
        long head = Math.max(done.head(), cursor.getHead());
        long next = Math.max(cursor.getNext(), done.position() + 1);
        return cursor.setConsumer(consumer)
                .setTopic(topic)
                .setPosition(done.position())
                .setHead(head)
                .setNext(next)
                .setLag(head + 1 - next)
                .setCommittedNs(done.committedNs())
                .build();
    }

    Cursor found(CursorState cursor, Unread unread) {
        return message(cursor.consumer(), cursor.position(), cursor.committedNs(), unread)
                .build();
    }

    /** A cursor whose next event is not the one behind it was left at one that is gone. */
    private Cursor.Builder message(String consumer, long position, long committedNs, Unread unread) {
        long lagNs = unread.events() == 0 ? 0 : Math.max(0, Nanos.of(clock) - unread.nextRecordedNs());
        return Cursor.newBuilder()
                .setConsumer(consumer)
                .setTopic(unread.topic().name())
                .setPosition(position)
                .setHead(unread.topic().head())
                .setNext(unread.next())
                .setSnapped(position > 0 && unread.next() != position + 1)
                .setLag(unread.events())
                .setLagBytes(unread.bytes())
                .setLagNs(lagNs)
                .setCommittedNs(committedNs);
    }
}
