package io.eckermann.gateway.cluster;

import io.eckermann.protocol.v1.ScrubRequest;
import io.eckermann.protocol.v1.ScrubResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Starts and stops the scrubbers of nodes. Safe from any thread; never blocks. */
@FunctionalInterface
public interface Scrubs {
    /** Fails when one of the nodes does not answer; the others may have heard of it then. */
    CompletableFuture<ScrubResponse> scrub(ScrubRequest request, Duration timeout);
}
