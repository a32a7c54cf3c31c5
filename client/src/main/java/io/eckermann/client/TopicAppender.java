package io.eckermann.client;

import io.eckermann.client.transport.Failure;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.Condition;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An {@link Appender} over its topic's lane. */
final class TopicAppender implements Appender {
    private final String topic;
    private final Lane lane;
    private final Budget budget;
    private final ClientConfig config;
    private volatile boolean closed;

    TopicAppender(String topic, Lane lane, Budget budget, ClientConfig config) {
        this.topic = topic;
        this.lane = lane;
        this.budget = budget;
        this.config = config;
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public CompletableFuture<Long> append(Event event) {
        if (closed) {
            return refused(Failure.of(ErrorCode.NOT_READY, "This appender is closed."));
        }
        if (event.payloadBytes() > Limits.EVENT_PAYLOAD_BYTES_MAX) {
            return refused(Failure.of(
                            ErrorCode.EVENT_TOO_LARGE,
                            "An event's payload has at most " + Limits.EVENT_PAYLOAD_BYTES_MAX + " bytes.")
                    .with("bytes", event.payloadBytes()));
        }
        int bytes = Batch.size(event);
        if (bytes > Limits.APPEND_BYTES_MAX) {
            return refused(Failure.of(ErrorCode.APPEND_TOO_LARGE, "The event's attributes are too large."));
        }
        return take(bytes) ? lane.add(List.of(event), bytes, List.of(), new PositionFuture()) : refused(full());
    }

    /** One atomic append; all conditions must hold, if there are any. */
    CompletableFuture<AppendResult> append(List<Event> events, List<Condition> conditions) {
        if (events.isEmpty()) {
            return refused(Failure.of(ErrorCode.EMPTY_APPEND, "An append holds at least one event."));
        }
        if (events.size() > Limits.APPEND_EVENTS_MAX) {
            return refused(Failure.of(
                    ErrorCode.APPEND_TOO_LARGE, "An append holds at most " + Limits.APPEND_EVENTS_MAX + " events."));
        }
        List<Event> own = List.copyOf(events);
        long bytes = own.stream().mapToLong(Batch::size).sum();
        if (bytes > Limits.APPEND_BYTES_MAX + 6L * events.size()) {
            return refused(Failure.of(
                            ErrorCode.APPEND_TOO_LARGE,
                            "The events of one append have together at most " + Limits.APPEND_BYTES_MAX + " bytes.")
                    .with("bytes", bytes));
        }
        return take(bytes) ? lane.add(own, bytes, conditions, new ResultFuture(own.size())) : refused(full());
    }

    @Override
    public CompletableFuture<Void> flush() {
        return lane.flush();
    }

    @Override
    public void close() {
        closed = true;
        if (lane.isTelling()) {
            throw new IllegalStateException(
                    "An appender can't be closed from a callback of its own topic's appends, as it would wait for what"
                            + " comes behind that callback: it takes no more events, but close it on another thread.");
        }
        flush().join();
    }

    private boolean take(long bytes) {
        try {
            return budget.take(bytes, config.bufferWait());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Failure full() {
        return Failure.of(ErrorCode.OVERLOADED, "The client's buffer is full: append more slowly, or allow more bytes.")
                .with("buffer_bytes", config.bufferBytes())
                .with("used_bytes", budget.used());
    }

    private static <T> CompletableFuture<T> refused(Failure failure) {
        return CompletableFuture.failedFuture(Failures.exception(failure));
    }
}
