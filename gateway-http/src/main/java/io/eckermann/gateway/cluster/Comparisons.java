package io.eckermann.gateway.cluster;

import io.eckermann.protocol.v1.CompareStatesRequest;
import io.eckermann.protocol.v1.CompareStatesResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Has all nodes compare their states. Safe from any thread; never blocks. */
@FunctionalInterface
public interface Comparisons {
    /** Completes when all shards' logs say at which entry; the nodes find out later. */
    CompletableFuture<CompareStatesResponse> compare(CompareStatesRequest request, Duration timeout);
}
