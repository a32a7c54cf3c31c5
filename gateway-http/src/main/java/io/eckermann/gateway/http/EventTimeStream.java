package io.eckermann.gateway.http;

import io.eckermann.gateway.read.ReadStream;
import io.eckermann.protocol.v1.EventBatch;
import io.eckermann.protocol.v1.EventTimePage;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadStarted;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A whole range in the order of business times, one page at a time as it is pulled. It ends; nothing of it is live. */
final class EventTimeStream implements ReadStream {
    private final UseCases useCases;
    private final Duration timeout;
    private ReadByEventTimeRequest request;
    /** Events that are still wanted; negative: all. */
    private long left;

    private @Nullable EventTimePage first;
    private boolean started;
    private boolean ended;
    private volatile boolean closed;

    private EventTimeStream(UseCases useCases, ReadByEventTimeRequest request, Duration timeout, long limit) {
        this.useCases = useCases;
        this.timeout = timeout;
        this.request = request;
        this.left = limit == 0 ? -1 : limit;
    }

    /** Opens it with its first page, so that what is wrong with it is known. */
    static CompletableFuture<ReadStream> open(
            UseCases useCases, ReadByEventTimeRequest request, Duration timeout, long limit) {
        EventTimeStream stream = new EventTimeStream(useCases, request, timeout, limit);
        return stream.page().thenApply(page -> {
            stream.first = page;
            return stream;
        });
    }

    private CompletableFuture<EventTimePage> page() {
        long most = left < 0 ? EventTimeQuery.EVENTS_MAX : Math.min(left, EventTimeQuery.EVENTS_MAX);
        return useCases.byEventTime(request.toBuilder().setLimit((int) most).build(), timeout);
    }

    @Override
    public CompletableFuture<Optional<ReadFrame>> next() {
        EventTimePage page = first;
        if (!started && page != null) {
            started = true;
            ReadStarted.Builder head = ReadStarted.newBuilder().setHead(page.getHead());
            return CompletableFuture.completedFuture(
                    Optional.of(ReadFrame.newBuilder().setStarted(head).build()));
        }
        if (closed || ended) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        first = null;
        return (page == null ? page() : CompletableFuture.completedFuture(page)).thenApply(this::frame);
    }

    private Optional<ReadFrame> frame(EventTimePage page) {
        left = left < 0 ? left : left - page.getEventsCount();
        ended = !page.hasNext() || left == 0;
        request = request.toBuilder().setPlace(page.getNext()).build();
        return Optional.of(ReadFrame.newBuilder()
                .setEvents(EventBatch.newBuilder().addAllEvents(page.getEventsList()))
                .build());
    }

    @Override
    public void close() {
        closed = true;
    }
}
