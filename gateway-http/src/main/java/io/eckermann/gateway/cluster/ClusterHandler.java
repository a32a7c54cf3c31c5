package io.eckermann.gateway.cluster;

import io.eckermann.gateway.peers.ClusterCommands;
import io.eckermann.protocol.v1.ClusterView;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** How this node sees the cluster. Safe from any thread, never blocks. */
public interface ClusterHandler {
    ClusterView view();

    /** Empty when this node can serve reads and writes; else why not, in words for an operator. */
    Optional<String> notReadyReason();

    /** Empty from when this node has caught up for the first time; else what it waits for, in words for an operator. */
    default Optional<String> notStartedReason() {
        return notReadyReason();
    }

    /**
     * host:port of the HTTP door of the node that leads a topic's shard, or the first shard when the topic is in none, or no
     * topic is named; empty when unknown or when it is this node.
     */
    CompletableFuture<Optional<String>> leaderHttpAddress(String topicOrNone);

    /** What operators have nodes do. */
    ClusterCommands commands();
}
