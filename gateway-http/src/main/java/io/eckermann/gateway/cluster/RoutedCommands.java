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
import java.util.EnumSet;
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
    private final Supplier<Leadership> leadership;
    private final ClusterCommands own;
    private final Function<String, ClusterCommands> others;
    private final ScheduledExecutorService timer;

    /** @param others has another node, which is named by its id, do them */
    public RoutedCommands(
            Members members,
            Supplier<Leadership> leadership,
            ClusterCommands own,
            Function<String, ClusterCommands> others,
            ScheduledExecutorService timer) {
        this.members = members;
        this.leadership = leadership;
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
            return byLeader((leader, left) -> leader.transfer(request, left), timeout);
        });
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
        return Failures.guarded(() -> byLeader((leader, left) -> leader.change(request, left), timeout));
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
            BiFunction<ClusterCommands, Duration, CompletableFuture<T>> command, Duration timeout) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        attempt(command, System.nanoTime() + timeout.toNanos(), answer);
        return answer;
    }

    private <T> void attempt(
            BiFunction<ClusterCommands, Duration, CompletableFuture<T>> command,
            long endNs,
            CompletableFuture<T> answer) {
        String leader = leadership.get().leader();
        CompletableFuture<T> tried;
        if (leader == null || members.peer(leader) == null) {
            tried = CompletableFuture.failedFuture(
                    new StoreException(ErrorCode.NO_LEADER, "No node leads: a majority of nodes must be up."));
        } else {
            Duration left = Duration.ofNanos(Math.max(0, endNs - System.nanoTime()));
            tried = Failures.guarded(() -> command.apply(of(leader), left));
        }
        var unused = tried.whenComplete((done, failure) -> settled(command, endNs, answer, done, failure));
    }

    private <T> void settled(
            BiFunction<ClusterCommands, Duration, CompletableFuture<T>> command,
            long endNs,
            CompletableFuture<T> answer,
            @Nullable T done,
            @Nullable Throwable failure) {
        if (failure == null) {
            answer.complete(done);
            return;
        }
        StoreException known = Failures.storeException(failure);
        boolean again = ANOTHER_LEADS.contains(known.code())
                && endNs - System.nanoTime() > TimeUnit.MILLISECONDS.toNanos(PAUSE_MS)
                && !answer.isDone();
        if (again && !timer.isShutdown()) {
            var unused = timer.schedule(() -> attempt(command, endNs, answer), PAUSE_MS, TimeUnit.MILLISECONDS);
        } else {
            answer.completeExceptionally(known);
        }
    }
}
