package io.eckermann.gateway.read;

import io.eckermann.gateway.Shard;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.GetHeadResponse;
import io.eckermann.protocol.v1.ReadRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** Opens reads. Safe from any thread; never blocks the caller. */
public final class ReadHandler {
    public ReadHandler(Shard shard, Executor reads, ScheduledExecutorService timer) {
        throw new AssertionError(shard + " " + reads + timer);
    }

    /**
     * Checks the request, waits for its consistency, finds its start.
     *
     * @param timeout for that much, not for the stream
     */
    public CompletableFuture<ReadStream> open(ReadRequest request, Duration timeout) {
        throw new AssertionError(request + " " + timeout);
    }

    public CompletableFuture<GetHeadResponse> head(GetHeadRequest request, Duration timeout) {
        throw new AssertionError(request + " " + timeout);
    }
}
