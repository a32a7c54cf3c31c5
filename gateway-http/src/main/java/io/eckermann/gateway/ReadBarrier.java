package io.eckermann.gateway;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Makes the next local read linearizable. */
public interface ReadBarrier {
    /**
     * Completes once this node has applied all that was acknowledged before the call; fails with NO_LEADER when that
     * could not be learnt in time.
     */
    CompletableFuture<Void> linearizable(Duration timeout);
}
