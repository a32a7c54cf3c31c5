package io.eckermann.gateway.consume;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.cursors.CursorHandler;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Outcome;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a consumer at work. Each commit expects the cursor where this instance saw it last, so of several
 * instances with one name one alone commits an event; the others go on behind it.
 *
 * <p>Used by one caller at a time, as a {@link ReadStream} is; only {@link #close} may come from elsewhere.
 */
public final class Consumption implements AutoCloseable {
    private final ReadHandler reads;
    private final CursorHandler cursors;
    private final ConsumeStart start;
    private final Duration timeout;

    private final Queue<RecordedEvent> page = new ArrayDeque<>();
    /** The last event handed out, or passed over. */
    private long last;

    private boolean begun;
    /** What was read since it was last opened, so that an end is known to be one. */
    private boolean readSome;

    /** Where the cursor is, as far as this instance knows. */
    private long cursor;
    /** Where a commit of ours may have moved it, nobody said so; -1: there is none. */
    private long unsure = -1;

    /** Guarded by this, as is the next. */
    private @Nullable ReadStream stream;

    private boolean closed;

    Consumption(ReadHandler reads, CursorHandler cursors, ConsumeStart start, long cursor, Duration timeout) {
        this.reads = reads;
        this.cursors = cursors;
        this.start = start;
        this.cursor = cursor;
        this.last = cursor;
        this.timeout = timeout;
    }

    /** What comes next. Fails with a StoreException when there can be nothing more, e.g. TOPIC_NOT_FOUND. */
    public CompletableFuture<Consumed> next() {
        RecordedEvent ready = page.poll();
        if (ready != null) {
            return CompletableFuture.completedFuture(handedOut(ready));
        }
        ReadStream open = stream();
        return open == null ? opened() : open.next().thenCompose(this::taken);
    }

    private synchronized @Nullable ReadStream stream() {
        return stream;
    }

    private CompletableFuture<Consumed> opened() {
        readSome = false;
        return reads.open(request(), timeout).thenCompose(open -> {
            synchronized (this) {
                stream = open;
                if (closed) {
                    open.close();
                }
            }
            return next();
        });
    }

    private ReadRequest request() {
        ReadRequest.Builder request = ReadRequest.newBuilder()
                .setTopic(start.topic())
                .setFollow(start.live())
                .setHeartbeatMillis(start.heartbeatMillis());
        if (begun || (start.from().isEmpty() && start.recordedNs().isEmpty())) {
            return request.setAfter(last).build();
        }
        return start.from().isPresent()
                ? request.setFrom(start.from().getAsLong()).build()
                : request.setTime(start.time()).build();
    }

    private CompletableFuture<Consumed> taken(Optional<ReadFrame> frame) {
        if (frame.isEmpty()) {
            return ended();
        }
        return switch (frame.get().getFrameCase()) {
            case STARTED -> {
                long before = frame.get().getStarted().getPosition() - 1;
                last = begun ? Math.max(last, before) : before;
                begun = true;
                yield next();
            }
            case EVENTS -> {
                readSome = true;
                frame.get().getEvents().getEventsList().stream()
                        .filter(event -> event.getPosition() > last)
                        .forEach(page::add);
                yield next();
            }
            case CAUGHT_UP ->
                CompletableFuture.completedFuture(
                        new Consumed.AllRead(frame.get().getCaughtUp()));
            case HEARTBEAT ->
                CompletableFuture.completedFuture(new Consumed.Quiet(frame.get().getHeartbeat()));
            default -> next();
        };
    }

    /** A read that does not follow promised what was there when it began: more may have come. */
    private CompletableFuture<Consumed> ended() {
        boolean goesOn;
        synchronized (this) {
            goesOn = !closed && !start.live() && readSome;
            stream = goesOn ? null : stream;
        }
        return goesOn ? next() : CompletableFuture.completedFuture(new Consumed.End());
    }

    private Consumed handedOut(RecordedEvent event) {
        last = event.getPosition();
        return new Consumed.Next(event);
    }

    /** Commits the event handed out last: it is done with, and so are all before. Never fails. */
    public CompletableFuture<CommitOutcome> commit() {
        return commit(last, true).thenCompose(outcome -> {
            if (!(outcome instanceof CommitOutcome.Taken taken)) {
                return CompletableFuture.completedFuture(outcome);
            }
            if (taken.position() == unsure) {
                // It was this instance that moved it there, in all likelihood, and that was not told.
                cursor = unsure;
                unsure = -1;
                return commit();
            }
            goOnBehind(taken.position());
            return CompletableFuture.completedFuture(outcome);
        });
    }

    /** Sets the cursor to any position, also back, whoever moved it; what is handed out next stays as it is. */
    public CompletableFuture<CommitOutcome> commit(long position) {
        return commit(position, false);
    }

    private CompletableFuture<CommitOutcome> commit(long position, boolean expecting) {
        CommitCursorRequest.Builder request = CommitCursorRequest.newBuilder()
                .setTopic(start.topic())
                .setConsumer(start.consumer())
                .setPosition(position)
                .setAllowRewind(true);
        if (expecting) {
            request.setExpected(cursor);
        }
        return cursors.commit(request.build(), timeout)
                .<CommitOutcome>thenApply(done -> {
                    cursor = position;
                    unsure = -1;
                    return new CommitOutcome.Done(position);
                })
                .exceptionally(failure -> refused(position, Failures.storeException(failure)));
    }

    private CommitOutcome refused(long position, StoreException why) {
        if (why.code() == ErrorCode.CURSOR_MOVED) {
            return new CommitOutcome.Taken(Long.parseLong(why.facts().getOrDefault("position", "0")));
        }
        if (why.code().outcome() == Outcome.UNKNOWN) {
            unsure = position;
        }
        return new CommitOutcome.Failed(why);
    }

    /** Passes over what another instance is done with, or goes back to where somebody has put the cursor. */
    private void goOnBehind(long position) {
        boolean back = position < last;
        cursor = position;
        unsure = -1;
        last = position;
        if (back) {
            page.clear();
            hangUp();
        } else {
            page.removeIf(event -> event.getPosition() <= position);
        }
    }

    private synchronized void hangUp() {
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }

    /** Ends it; a pending {@link #next} completes with the end. From any thread, any number of times. */
    @Override
    public synchronized void close() {
        closed = true;
        if (stream != null) {
            stream.close();
        }
    }
}
