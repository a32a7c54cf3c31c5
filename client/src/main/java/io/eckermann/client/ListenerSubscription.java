package io.eckermann.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A {@link Subscription} that hands one event after the other to its listener. */
final class ListenerSubscription implements Subscription, Flow.Subscriber<RecordedEvent> {
    private final EventListener listener;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean closed;

    ListenerSubscription(EventListener listener) {
        this.listener = listener;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
        } else {
            // The listener itself is the brake: it is called for one event after the other.
            given.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(RecordedEvent event) {
        if (!closed) {
            listener.event(event);
        }
    }

    @Override
    public void onError(Throwable error) {
        done.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        done.complete(null);
    }

    @Override
    public CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public void close() {
        closed = true;
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
        done.complete(null);
    }
}
