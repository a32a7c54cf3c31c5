package io.eckermann.gateway.peers;

import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.protocol.v1.ChangeMembersResponse;
import io.eckermann.protocol.v1.DrainRequest;
import io.eckermann.protocol.v1.DrainResponse;
import io.eckermann.protocol.v1.TransferLeadershipRequest;
import io.eckermann.protocol.v1.TransferLeadershipResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What operators have the cluster do with its nodes; on whichever node. Safe from any thread, never blocks. */
public interface ClusterCommands {
    /** Completes when another node leads. */
    CompletableFuture<TransferLeadershipResponse> transfer(TransferLeadershipRequest request, Duration timeout);

    /** Completes when the node does not lead any more, or nobody else can. */
    CompletableFuture<DrainResponse> drain(DrainRequest request, Duration timeout);

    /**
     * Completes when the members are as asked for. It fails as COMMIT_TIMED_OUT when that takes longer, and goes on then:
     * the same request again waits for it.
     */
    CompletableFuture<ChangeMembersResponse> change(ChangeMembersRequest request, Duration timeout);
}
