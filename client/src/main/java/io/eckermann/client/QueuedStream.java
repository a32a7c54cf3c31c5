package io.eckermann.client;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** An {@link EventStream} fed by a read; holds at most {@link #AHEAD} events. */
final class QueuedStream implements EventStream, Flow.Subscriber<RecordedEvent> {
    private static final int AHEAD = 256;

    /** An event, or the end with its reason. */
    private record Item(
            @Nullable RecordedEvent event, @Nullable Throwable failure) {}

    private final LinkedBlockingQueue<Item> items = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean closed;
    private @Nullable Item head;
    private int taken;

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
        } else {
            given.request(AHEAD);
        }
    }

    @Override
    public void onNext(RecordedEvent event) {
        items.add(new Item(event, null));
    }

    @Override
    public void onError(Throwable error) {
        items.add(new Item(null, error));
    }

    @Override
    public void onComplete() {
        items.add(new Item(null, null));
    }

    @Override
    public boolean hasNext() {
        return peek(Long.MAX_VALUE) && Objects.requireNonNull(head).event() != null;
    }

    @Override
    public RecordedEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The read is over.");
        }
        return take();
    }

    @Override
    public Optional<RecordedEvent> poll(Duration wait) {
        return peek(wait.toNanos()) && Objects.requireNonNull(head).event() != null
                ? Optional.of(take())
                : Optional.empty();
    }

    @Override
    public boolean ended() {
        Item next = head != null ? head : items.peek();
        return next != null && next.event() == null;
    }

    @Override
    public Stream<RecordedEvent> stream() {
        int order = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.DISTINCT;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, order), false)
                .onClose(this::close);
    }

    @Override
    public void close() {
        closed = true;
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
        items.add(new Item(null, null));
    }

    private RecordedEvent take() {
        RecordedEvent event =
                Objects.requireNonNull(Objects.requireNonNull(head).event());
        head = null;
        if (++taken == AHEAD / 2) {
            taken = 0;
            Flow.Subscription open = subscription;
            if (open != null) {
                open.request(AHEAD / 2);
            }
        }
        return event;
    }

    /** Whether there is an item within the time; throws when it is a failure. The end stays. */
    private boolean peek(long waitNs) {
        try {
            if (head == null) {
                head = items.poll(waitNs, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IllegalStateException("Interrupted while waiting for an event; the read was closed.", e);
        }
        Item next = head;
        if (next != null && next.failure() != null) {
            throw next.failure() instanceof RuntimeException runtime ? runtime : Failures.exception(next.failure());
        }
        return next != null;
    }
}
