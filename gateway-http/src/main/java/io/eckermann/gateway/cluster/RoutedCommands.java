package io.eckermann.gateway.cluster;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.peers.ClusterCommands;
import io.eckermann.gateway.peers.Members;
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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@link ClusterCommands}, done here or by the node that they are for, who may have to be elected first. */
public final class RoutedCommands implements ClusterCommands {
    private static final Set<ErrorCode> ANOTHER_LEADS =
            EnumSet.of(ErrorCode.NOT_LEADER, ErrorCode.NO_LEADER, ErrorCode.LEADER_CHANGED);
    private static final long PAUSE_MS = 200;

    private final Members members;
    private final Supplier<List<Leadership>> shards;
    private final ClusterCommands own;
    private final Function<String, ClusterCommands> others;
    private final ScheduledExecutorService timer;
    private final Duration leaderlessMax;

    /**
     * @param shards this node's part in each
     * @param others has another node, which is named by its id, do them
     * @param leaderlessMax how long a leader is waited for
     */
    public RoutedCommands(
            Members members,
            Supplier<List<Leadership>> shards,
            ClusterCommands own,
            Function<String, ClusterCommands> others,
            ScheduledExecutorService timer,
            Duration leaderlessMax) {
        this.leaderlessMax = leaderlessMax;
        this.members = members;
        this.shards = shards;
        this.own = own;
        this.others = others;
        this.timer = timer;
    }

    @Override
    public CompletableFuture<TransferLeadershipResponse> transfer(TransferLeadershipRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            if (!request.getNode().isEmpty()) {
                requireKnown(request.getNode());
            }
            int count = shards.get().size();
            if (request.hasShard() || count == 1) {
                return transferOne(request, timeout);
            }
            List<CompletableFuture<TransferLeadershipResponse>> each = new ArrayList<>();
            for (int shard = 0; shard < count; shard++) {
                each.add(transferOne(request.toBuilder().setShard(shard).build(), timeout));
            }
            return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                    .thenCompose(all -> each.get(0));
        });
    }

    private CompletableFuture<TransferLeadershipResponse> transferOne(
            TransferLeadershipRequest request, Duration timeout) {
        if (request.getShard() < 0 || request.getShard() >= shards.get().size()) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "The cluster has no such shard: they are counted from 0.")
                    .with("field", "shard")
                    .with("shard", request.getShard());
        }
        return byLeader(request.getShard(), (leader, left) -> leader.transfer(request, left), timeout);
    }

    @Override
    public CompletableFuture<DrainResponse> drain(DrainRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String node = request.getNode();
            if (node.isEmpty()) {
                return own.drain(request, timeout);
            }
            requireKnown(node);
            return of(node).drain(request, timeout);
        });
    }

    @Override
    public CompletableFuture<ChangeMembersResponse> change(ChangeMembersRequest request, Duration timeout) {
        return Failures.guarded(() -> byLeader(0, (leader, left) -> leader.change(request, left), timeout));
    }

    private void requireKnown(String node) {
        if (members.peer(node) == null) {
            throw new StoreException(ErrorCode.NODE_NOT_FOUND, "There is no such node in this cluster.")
                    .with("node", node);
        }
    }

    private ClusterCommands of(String node) {
        return node.equals(members.self().id()) ? own : others.apply(node);
    }

    private <T> CompletableFuture<T> byLeader(
            int shard, BiFunction<ClusterCommands, Duration, CompletableFuture<T>> command, Duration timeout) {
        Attempts<T> attempts = new Attempts<>(shard, command, System.nanoTime() + timeout.toNanos());
        attempts.next();
        return attempts.answer;
    }

    /** One command and its repetitions; steps follow each other, so there is no race. */
    private final class Attempts<T> {
        private final int shard;
        private final BiFunction<ClusterCommands, Duration, CompletableFuture<T>> command;
        private final long endNs;
        final CompletableFuture<T> answer = new CompletableFuture<>();
        /** Since when nobody has led, as far as this node knows. */
        private OptionalLong leaderlessNs = OptionalLong.empty();

        Attempts(int shard, BiFunction<ClusterCommands, Duration, CompletableFuture<T>> command, long endNs) {
            this.shard = shard;
            this.command = command;
            this.endNs = endNs;
        }

        void next() {
            String leader = shards.get().get(shard).leader();
            CompletableFuture<T> tried;
            if (leader == null || members.peer(leader) == null) {
                if (leaderlessNs.isEmpty()) {
                    leaderlessNs = OptionalLong.of(System.nanoTime());
                }
                tried = CompletableFuture.failedFuture(
                        new StoreException(ErrorCode.NO_LEADER, "No node leads: a majority of nodes must be up."));
            } else {
                leaderlessNs = OptionalLong.empty();
                Duration left = Duration.ofNanos(Math.max(0, endNs - System.nanoTime()));
                tried = Failures.guarded(() -> command.apply(of(leader), left));
            }
            var unused = tried.whenComplete(this::settled);
        }

        private void settled(@Nullable T done, @Nullable Throwable failure) {
            if (failure == null) {
                answer.complete(done);
                return;
            }
            StoreException known = Failures.storeException(failure);
            boolean again = ANOTHER_LEADS.contains(known.code())
                    && leftNs() > TimeUnit.MILLISECONDS.toNanos(PAUSE_MS)
                    && !answer.isDone();
            if (again && !timer.isShutdown()) {
                var unused = timer.schedule(this::next, PAUSE_MS, TimeUnit.MILLISECONDS);
            } else {
                answer.completeExceptionally(known);
            }
        }

        /** A command may take minutes, and whoever gave it is not to wait so long to hear that there is nobody to do it. */
        private long leftNs() {
            long nowNs = System.nanoTime();
            long left = endNs - nowNs;
            return leaderlessNs.isEmpty()
                    ? left
                    : Math.min(left, leaderlessNs.getAsLong() + leaderlessMax.toNanos() - nowNs);
        }
    }
}
