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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** {@link ClusterCommands} as the node does them that gets them: a transfer and a change when it leads, else NOT_LEADER. */
public final class OwnCommands implements ClusterCommands {
    private final String self;
    private final Supplier<List<Leadership>> shards;
    private final Readiness readiness;
    private final BiFunction<Integer, String, CompletableFuture<Void>> handOn;
    private final Supplier<CompletableFuture<Void>> handOnAll;
    private final MemberChanges changes;

    /**
     * @param shards this node's part in each
     * @param handOn makes a node a shard's leader, or for an empty id the best one, if there is any
     * @param handOnAll has every shard led by others, if there are any
     */
    public OwnCommands(
            String self,
            Supplier<List<Leadership>> shards,
            Readiness readiness,
            BiFunction<Integer, String, CompletableFuture<Void>> handOn,
            Supplier<CompletableFuture<Void>> handOnAll,
            MemberChanges changes) {
        this.self = self;
        this.shards = shards;
        this.handOnAll = handOnAll;
        this.readiness = readiness;
        this.handOn = handOn;
        this.changes = changes;
    }

    @Override
    public CompletableFuture<TransferLeadershipResponse> transfer(TransferLeadershipRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            int shard = request.getShard();
            requireLeader(shard);
            if (request.getNode().equals(self)) {
                return CompletableFuture.completedFuture(leads(shard));
            }
            return handOn.apply(shard, request.getNode())
                    .exceptionallyCompose(this::notHandedOn)
                    .thenApply(done -> {
                        if (leader(shard).equals(self)) {
                            throw new StoreException(ErrorCode.NOT_READY, "No other node is ready to lead.");
                        }
                        return leads(shard);
                    });
        });
    }

    /** Ratis keeps a leader that sends a new member the log, which may take long. */
    private CompletableFuture<Void> notHandedOn(Throwable failure) {
        boolean refused =
                changes.isUnderWay() && Failures.storeException(failure).code() == ErrorCode.NO_LEADER;
        return CompletableFuture.failedFuture(
                refused
                        ? new StoreException(
                                ErrorCode.MEMBERS_CHANGING,
                                "Leadership can't be handed on while members change: wait until that is done.",
                                failure)
                        : failure);
    }

    private TransferLeadershipResponse leads(int shard) {
        return TransferLeadershipResponse.newBuilder().setLeader(leader(shard)).build();
    }

    /** Says at once that it is not ready; that leadership goes may take a moment longer, and may not come about. */
    @Override
    public CompletableFuture<DrainResponse> drain(DrainRequest request, Duration timeout) {
        readiness.draining(!request.getResume());
        CompletableFuture<Void> gone = request.getResume() ? CompletableFuture.completedFuture(null) : handOnAll.get();
        return gone.completeOnTimeout(null, timeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle((done, failure) -> DrainResponse.newBuilder()
                        .setNode(self)
                        .setLeader(leader(0))
                        .build());
    }

    @Override
    public CompletableFuture<ChangeMembersResponse> change(ChangeMembersRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            requireLeader(0);
            return changes.change(request, timeout);
        });
    }

    private void requireLeader(int shard) {
        List<Leadership> all = shards.get();
        if (shard < 0 || shard >= all.size()) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "The cluster has no such shard: they are counted from 0.")
                    .with("field", "shard")
                    .with("shard", shard);
        }
        if (all.get(shard).role() != Leadership.Role.LEADER) {
            throw new StoreException(
                    leader(shard).isEmpty() ? ErrorCode.NO_LEADER : ErrorCode.NOT_LEADER,
                    "The leader does this: ask again shortly.");
        }
    }

    private String leader(int shard) {
        return Objects.requireNonNullElse(shards.get().get(shard).leader(), "");
    }
}
