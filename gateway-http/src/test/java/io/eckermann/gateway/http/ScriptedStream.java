package io.eckermann.gateway.http;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.gateway.read.Untaken;
import io.eckermann.protocol.v1.CaughtUp;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.EventBatch;
import io.eckermann.protocol.v1.Heartbeat;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadStarted;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.Slow;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Gives the frames of a script, then ends; a script may also never end, wait or fail. */
final class ScriptedStream implements ReadStream {
    final AtomicInteger asked = new AtomicInteger();
    volatile boolean closed;
    volatile Untaken untaken = Untaken.NONE;
    private final IntFunction<CompletableFuture<Optional<ReadFrame>>> script;
    private final ConcurrentLinkedQueue<CompletableFuture<Optional<ReadFrame>>> pending = new ConcurrentLinkedQueue<>();

    /** @param script the n-th frame, from 0 */
    ScriptedStream(IntFunction<CompletableFuture<Optional<ReadFrame>>> script) {
        this.script = script;
    }

    /** The frames, then the end. */
    static ScriptedStream of(ReadFrame... frames) {
        return new ScriptedStream(
                n -> CompletableFuture.completedFuture(n < frames.length ? Optional.of(frames[n]) : Optional.empty()));
    }

    /** The frames, then nothing until it is closed. */
    static ScriptedStream waitingAfter(ReadFrame... frames) {
        return new ScriptedStream(n -> n < frames.length
                ? CompletableFuture.completedFuture(Optional.of(frames[n]))
                : new CompletableFuture<>());
    }

    /** The frames, then a failure. */
    static ScriptedStream failingAfter(@Nullable RuntimeException failure, ReadFrame... frames) {
        return new ScriptedStream(n -> n < frames.length
                ? CompletableFuture.completedFuture(Optional.of(frames[n]))
                : CompletableFuture.failedFuture(failure));
    }

    static ReadFrame started(long position, long head) {
        return ReadFrame.newBuilder()
                .setStarted(ReadStarted.newBuilder().setPosition(position).setHead(head))
                .build();
    }

    static ReadFrame events(long first, String... payloads) {
        EventBatch.Builder batch = EventBatch.newBuilder();
        for (String payload : payloads) {
            batch.addEvents(event(first + batch.getEventsCount(), payload));
        }
        return ReadFrame.newBuilder().setEvents(batch).build();
    }

    static RecordedEvent event(long position, String payload) {
        return RecordedEvent.newBuilder()
                .setPosition(position)
                .setRecordedNs(FakeUseCases.RECORDED_NS + position)
                .setEvent(Event.newBuilder().setPayload(ByteString.copyFromUtf8(payload)))
                .build();
    }

    static ReadFrame caughtUp(long head, boolean complete) {
        return ReadFrame.newBuilder()
                .setCaughtUp(
                        CaughtUp.newBuilder().setHead(head).setNext(head + 1).setComplete(complete))
                .build();
    }

    static ReadFrame heartbeat(long head) {
        return ReadFrame.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().setHead(head))
                .build();
    }

    static ReadFrame slow(long stalledMillis, long behind, long head) {
        return ReadFrame.newBuilder()
                .setSlow(Slow.newBuilder()
                        .setStalledMillis(stalledMillis)
                        .setBehind(behind)
                        .setHead(head))
                .build();
    }

    @Override
    public CompletableFuture<Optional<ReadFrame>> next() {
        if (closed) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        CompletableFuture<Optional<ReadFrame>> frame = script.apply(asked.getAndIncrement());
        pending.add(frame);
        return frame;
    }

    @Override
    public Untaken untaken() {
        return untaken;
    }

    @Override
    public void close() {
        closed = true;
        pending.forEach(frame -> frame.complete(Optional.empty()));
    }
}
