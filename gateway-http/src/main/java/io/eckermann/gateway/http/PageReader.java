package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.PageJson;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Collects one page from a read; used once, by one future's continuation after the other. */
final class PageReader {
    private static final long LOOKING_NS = TimeUnit.MILLISECONDS.toNanos(2L * ReadQuery.PAGE_MILLIS);

    private final ReadRequest request;
    private final ReadStream stream;
    private final Executor work;
    private final List<RecordedEvent> events = new ArrayList<>();
    private final CompletableFuture<PageJson> page = new CompletableFuture<>();
    private long start;
    private long next;
    private long head;
    private OptionalLong keyVersion = OptionalLong.empty();
    private boolean snapped;
    private boolean complete;
    /** It ended where it had come to, because nothing was found for long. */
    private boolean cutShort;

    private final long begunNanos = System.nanoTime();

    PageReader(ReadRequest request, ReadStream stream, Executor work) {
        this.request = request;
        this.stream = stream;
        this.work = work;
    }

    /** The page: of a read that ends, all of it; of one that follows, as far as its first events. */
    CompletableFuture<PageJson> read() {
        pull();
        return page;
    }

    private void pull() {
        // Always on a work thread: a frame that is there at once must not deepen the stack.
        CompletableFuture<Optional<ReadFrame>> unused = stream.next().whenCompleteAsync(this::take, work);
    }

    private void take(Optional<ReadFrame> frame, Throwable failure) {
        if (failure != null) {
            stream.close();
            page.completeExceptionally(failure);
            return;
        }
        try {
            if (frame.isEmpty() || isEnough(frame.get())) {
                stream.close();
                page.complete(new PageJson(events, next(), head, keyVersion, complete, snapped));
            } else {
                pull();
            }
        } catch (RuntimeException e) {
            stream.close();
            page.completeExceptionally(e);
        }
    }

    private boolean isEnough(ReadFrame frame) {
        switch (frame.getFrameCase()) {
            case STARTED -> {
                start = frame.getStarted().getPosition();
                head = frame.getStarted().getHead();
                snapped = frame.getStarted().getSnapped();
                if (frame.getStarted().hasKeyVersion()) {
                    keyVersion = OptionalLong.of(frame.getStarted().getKeyVersion());
                }
            }
            case EVENTS -> {
                events.addAll(frame.getEvents().getEventsList());
                if (request.getFollow()) {
                    head = Math.max(head, lastPosition());
                    complete = lastPosition() == head;
                    return true;
                }
                // Pages between which nothing is found end soon; one that goes on finding a little must, too.
                return !request.getFilter().isEmpty() && System.nanoTime() - begunNanos > LOOKING_NS;
            }
            case CAUGHT_UP -> {
                head = frame.getCaughtUp().getHead();
                next = frame.getCaughtUp().getNext();
                complete = frame.getCaughtUp().getComplete() || request.getFollow();
            }
            case HEARTBEAT -> {
                head = frame.getHeartbeat().getHead();
                next = frame.getHeartbeat().getNext();
                cutShort = !request.getFollow();
                return cutShort;
            }
            default -> {
                // A frame of a newer protocol tells this page nothing.
            }
        }
        return false;
    }

    private long next() {
        if (request.getDirection() == Direction.BACKWARD) {
            if (cutShort) {
                return next;
            }
            return complete || events.isEmpty() ? 0 : lastPosition() - 1;
        }
        if (!events.isEmpty()) {
            // A complete read by query has looked at more than it found.
            return complete || cutShort ? Math.max(next, lastPosition() + 1) : lastPosition() + 1;
        }
        return next > 0 ? next : start;
    }

    private long lastPosition() {
        return events.get(events.size() - 1).getPosition();
    }
}
