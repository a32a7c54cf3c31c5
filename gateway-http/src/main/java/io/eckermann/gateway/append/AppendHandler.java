package io.eckermann.gateway.append;

import io.eckermann.gateway.Shard;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Appends events to a topic. Safe from any thread; never blocks the caller. */
public final class AppendHandler {
    public AppendHandler(Shard shard, Executor reads) {
        throw new AssertionError(shard + " " + reads);
    }

    /** The future fails with a StoreException only. */
    public CompletableFuture<AppendResponse> append(AppendRequest request, Duration timeout) {
        throw new AssertionError(request + " " + timeout);
    }
}
