package io.eckermann.client;

import java.util.concurrent.CompletableFuture;

/** A running subscription. */
public interface Subscription extends AutoCloseable {
    /**
     * Completes when the subscription was closed or met its bound; fails with an {@link EckermannException}, or with
     * what its listener threw.
     */
    CompletableFuture<Void> done();

    /** Ends it; at most the call under way still reaches the listener. From any thread, any number of times. */
    @Override
    void close();
}
