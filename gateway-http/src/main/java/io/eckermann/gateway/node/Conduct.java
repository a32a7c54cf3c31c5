package io.eckermann.gateway.node;

import io.eckermann.gateway.cluster.MemberChanges;
import io.eckermann.gateway.cluster.MemberSteps;
import io.eckermann.gateway.cluster.OwnCommands;
import io.eckermann.gateway.cluster.Readiness;
import io.eckermann.gateway.cluster.RoutedCommands;
import io.eckermann.gateway.peers.ClusterCommands;
import io.eckermann.gateway.peers.Members;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.gateway.peers.PeerCommands;
import io.eckermann.gateway.peers.PeerStatus;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.raftlog.Leadership;
import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.Membership;
import io.eckermann.raftlog.ratis.RatisLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What concerns who leads and who belongs to the cluster, put together before Raft runs. Safe from any thread. */
final class Conduct implements MemberSteps.Raft {
    static final Duration ASK_TIMEOUT = Duration.ofSeconds(3);
    private static final Logger LOG = LoggerFactory.getLogger(Conduct.class);
    private static final Duration HAND_ON_MAX = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Handover handover;
    private final ClusterCommands own;
    private final ClusterCommands routed;
    private volatile @Nullable RatisLog raft;

    Conduct(
            String clusterId,
            Neighbours others,
            Supplier<Leadership> leadership,
            Readiness readiness,
            ScheduledExecutorService timer) {
        Members members = others.members();
        PeerStatus peers = others.status();
        String self = members.self().id();
        handover = new Handover(
                () -> members.others().stream().map(Peer::id).toList(),
                () -> leadership.get().role() == Leadership.Role.LEADER,
                peer -> peers.ask(peer, ASK_TIMEOUT),
                this::transfer);
        MemberSteps steps = new MemberSteps(
                clusterId,
                self,
                this,
                others.table(),
                address -> peers.askAt(address, ASK_TIMEOUT),
                handover::handOn,
                PATIENCE);
        own = new OwnCommands(self, leadership, readiness, handover::handOn, new MemberChanges(steps));
        routed = new RoutedCommands(members, leadership, own, node -> new PeerCommands(peers, node), timer);
    }

    /** From now on there is something to lead. */
    void started(RatisLog log) {
        raft = log;
    }

    Handover handover() {
        return handover;
    }

    /** As this node does them itself. */
    ClusterCommands own() {
        return own;
    }

    /** Done by whichever node they are for. */
    ClusterCommands routed() {
        return routed;
    }

    /** Hands leadership on before this node stops, if that comes about in time. */
    void handOnForGood() {
        try {
            handover.handOn().get(HAND_ON_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("Leadership was not handed on: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<Void> transfer(String to) {
        RatisLog log = raft;
        return log == null ? notReady() : log.transferLeadership(to);
    }

    @Override
    public boolean leads() {
        RatisLog log = raft;
        return log != null && log.leadership().role() == Leadership.Role.LEADER;
    }

    @Override
    public Membership membership() {
        RatisLog log = raft;
        return log == null ? Membership.UNKNOWN : log.membership();
    }

    @Override
    public CompletableFuture<Void> changeMembers(List<Member> expected, List<Member> wanted) {
        RatisLog log = raft;
        return log == null ? notReady() : log.changeMembers(expected, wanted);
    }

    @Override
    public CompletableFuture<Long> takeSnapshot() {
        RatisLog log = raft;
        return log == null ? notReady() : log.takeSnapshot();
    }

    private static <T> CompletableFuture<T> notReady() {
        return CompletableFuture.failedFuture(
                new StoreException(ErrorCode.NOT_READY, "The node is starting; try again shortly."));
    }
}
