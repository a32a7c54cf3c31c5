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
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.TransferLeadershipRequest;
import io.eckermann.raftlog.Leadership;
import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.Membership;
import io.eckermann.raftlog.ratis.RatisLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What concerns who leads and who belongs to the cluster, put together before Raft runs. Safe from any thread. */
final class Conduct {
    static final Duration ASK_TIMEOUT = Duration.ofSeconds(3);
    private static final Logger LOG = LoggerFactory.getLogger(Conduct.class);
    private static final Duration HAND_ON_MAX = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<ShardRaft> rafts = new ArrayList<>();
    private final List<Handover> handovers = new ArrayList<>();
    private final LeaderSpread spread;
    private final ClusterCommands own;
    private final ClusterCommands routed;

    Conduct(
            String clusterId,
            Neighbours others,
            NodeShards shards,
            Readiness readiness,
            ScheduledExecutorService timer) {
        Members members = others.members();
        PeerStatus peers = others.status();
        String self = members.self().id();
        for (ShardPart part : shards.all()) {
            ShardRaft raft = new ShardRaft();
            rafts.add(raft);
            handovers.add(new Handover(
                    () -> rotated(members.others(), part.number()),
                    raft::leads,
                    peer -> peers.ask(peer, ASK_TIMEOUT),
                    raft::transfer,
                    node -> committed(node, part.number())));
        }
        spread = new LeaderSpread(
                self,
                rafts.size(),
                members::ids,
                () -> fit(others, readiness),
                shard -> rafts.get(shard).leads(),
                (shard, to) -> handovers.get(shard).handOn(to));
        MemberSteps steps = new MemberSteps(
                clusterId,
                self,
                rafts,
                others.table(),
                address -> peers.askAt(address, ASK_TIMEOUT),
                this::handOn,
                PATIENCE);
        own = new OwnCommands(
                self,
                shards::leaderships,
                readiness,
                this::handOn,
                this::handOn,
                new MemberChanges(whole(self, steps)));
        routed = new RoutedCommands(
                members, shards::leaderships, own, node -> new PeerCommands(peers, node), timer, PATIENCE);
    }

    /** Each shard in another order, so that of nodes that are equal not the same one gets all. */
    private static List<String> rotated(List<Peer> nodes, int shard) {
        List<String> ids = new ArrayList<>(nodes.stream().map(Peer::id).toList());
        Collections.rotate(ids, shard);
        return ids;
    }

    private static long committed(NodeView node, int shard) {
        // A version that knows of one shard only tells of none.
        return shard < node.getShardsCount() ? node.getShards(shard).getCommitted() : node.getCommitted();
    }

    /**
     * Who is ready and has room, with the time of its start: a node that was quick to come back is another one, too. This
     * node's own disk does not count here, as it hands nothing on to itself.
     */
    private static Map<String, Long> fit(Neighbours others, Readiness readiness) {
        String self = others.members().self().id();
        Map<String, Long> fit = new HashMap<>();
        for (String id : others.members().ids()) {
            boolean isFit = id.equals(self)
                    ? readiness.notReadyReason().isEmpty()
                    : others.table().isReady(id) && !others.table().isDiskLow(id);
            if (isFit) {
                fit.put(id, others.table().startedNs(id));
            }
        }
        return fit;
    }

    /** All shards' members are changed by their leaders, so this node leads them all until that is done. */
    private MemberChanges.Steps whole(String self, MemberSteps steps) {
        return rafts.size() == 1
                ? steps
                : request -> {
                    spread.hold(true);
                    try {
                        return steps.make(request, shard -> lead(self, shard));
                    } finally {
                        spread.hold(false);
                    }
                };
    }

    private CompletableFuture<?> lead(String self, int shard) {
        return routed.transfer(
                TransferLeadershipRequest.newBuilder()
                        .setNode(self)
                        .setShard(shard)
                        .build(),
                PATIENCE);
    }

    /** From now on there is something to lead. */
    void started(List<RatisLog> logs) {
        for (int shard = 0; shard < rafts.size(); shard++) {
            rafts.get(shard).raft = logs.get(shard);
        }
    }

    LeaderSpread spread() {
        return spread;
    }

    /** As this node does them itself. */
    ClusterCommands own() {
        return own;
    }

    /** Done by whichever node they are for. */
    ClusterCommands routed() {
        return routed;
    }

    /** Whether this node leads a shard, and its disk keeps the others from getting on. */
    boolean isHeldUpByDisk() {
        return rafts.stream().anyMatch(ShardRaft::isHeldUpByDisk);
    }

    /** Hands on all that this node leads. */
    CompletableFuture<Void> handOn() {
        return CompletableFuture.allOf(handovers.stream().map(Handover::handOn).toArray(CompletableFuture[]::new));
    }

    /** The same for one who cannot wait for it. */
    void handOnSoon() {
        var unused = handOn().exceptionally(failure -> {
            LOG.info("Leadership was not handed on: {}", failure.toString());
            return null;
        });
    }

    private CompletableFuture<Void> handOn(int shard, String to) {
        spread.leaveAlone();
        return handovers.get(shard).handOn(to);
    }

    /** Hands leadership on before this node stops, if that comes about in time. */
    void handOnForGood() {
        try {
            handOn().get(HAND_ON_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("Leadership was not handed on: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** This node's part in one shard, once that has started. */
    private static final class ShardRaft implements MemberSteps.Raft {
        private volatile @Nullable RatisLog raft;

        CompletableFuture<Void> transfer(String to) {
            RatisLog log = raft;
            return log == null ? notReady() : log.transferLeadership(to);
        }

        boolean isHeldUpByDisk() {
            RatisLog log = raft;
            return log != null && log.isHeldUpByDisk();
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
        public CompletableFuture<Void> linearizable() {
            RatisLog log = raft;
            return log == null ? notReady() : log.linearizable();
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
}
