package io.eckermann.gateway.cluster;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.peers.ClusterCommands;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.protocol.v1.ChangeMembersResponse;
import io.eckermann.protocol.v1.DrainRequest;
import io.eckermann.protocol.v1.DrainResponse;
import io.eckermann.protocol.v1.TransferLeadershipRequest;
import io.eckermann.protocol.v1.TransferLeadershipResponse;
import io.eckermann.raftlog.Leadership;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@link ClusterCommands} as the node does them that gets them: a transfer and a change when it leads, else NOT_LEADER. */
public final class OwnCommands implements ClusterCommands {
    private final String self;
    private final Supplier<Leadership> leadership;
    private final Readiness readiness;
    private final Function<String, CompletableFuture<Void>> handOn;
    private final MemberChanges changes;

    /** @param handOn makes a node the leader, or for an empty id the best one, if there is any */
    public OwnCommands(
            String self,
            Supplier<Leadership> leadership,
            Readiness readiness,
            Function<String, CompletableFuture<Void>> handOn,
            MemberChanges changes) {
        this.self = self;
        this.leadership = leadership;
        this.readiness = readiness;
        this.handOn = handOn;
        this.changes = changes;
    }

    @Override
    public CompletableFuture<TransferLeadershipResponse> transfer(TransferLeadershipRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            requireLeader();
            if (request.getNode().equals(self)) {
                return CompletableFuture.completedFuture(leads());
            }
            return handOn.apply(request.getNode()).thenApply(done -> {
                if (leader().equals(self)) {
                    throw new StoreException(ErrorCode.NOT_READY, "No other node is ready to lead.");
                }
                return leads();
            });
        });
    }

    private TransferLeadershipResponse leads() {
        return TransferLeadershipResponse.newBuilder().setLeader(leader()).build();
    }

    /** Says at once that it is not ready; that leadership goes may take a moment longer, and may not come about. */
    @Override
    public CompletableFuture<DrainResponse> drain(DrainRequest request, Duration timeout) {
        readiness.draining(!request.getResume());
        CompletableFuture<Void> gone = request.getResume() ? CompletableFuture.completedFuture(null) : handOn.apply("");
        return gone.completeOnTimeout(null, timeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle((done, failure) -> DrainResponse.newBuilder()
                        .setNode(self)
                        .setLeader(leader())
                        .build());
    }

    @Override
    public CompletableFuture<ChangeMembersResponse> change(ChangeMembersRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            requireLeader();
            return changes.change(request, timeout);
        });
    }

    private void requireLeader() {
        if (leadership.get().role() != Leadership.Role.LEADER) {
            throw new StoreException(
                    leader().isEmpty() ? ErrorCode.NO_LEADER : ErrorCode.NOT_LEADER,
                    "The leader does this: ask again shortly.");
        }
    }

    private String leader() {
        return Objects.requireNonNullElse(leadership.get().leader(), "");
    }
}
