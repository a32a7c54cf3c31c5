package io.eckermann.gateway.cluster;

import io.eckermann.protocol.v1.ScavengeRequest;
import io.eckermann.protocol.v1.ScavengeResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Starts and stops the scavengers of nodes. Safe from any thread; never blocks. */
@FunctionalInterface
public interface Scavenges {
    /** Fails when one of the nodes does not answer; the others may have heard of it then. */
    CompletableFuture<ScavengeResponse> scavenge(ScavengeRequest request, Duration timeout);
}
