package io.eckermann.gateway.cluster;

import io.eckermann.gateway.peers.Peer;
import io.eckermann.protocol.internal.v1.GetStatusResponse;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.ScavengeView;
import io.eckermann.protocol.v1.StorageView;
import io.eckermann.raftlog.Leadership;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The cluster from what this node knows of itself and last heard from the others. */
public final class ClusterMap implements ClusterHandler {
    /** Of the node's own program. */
    public static final String VERSION = Optional.ofNullable(
                    ClusterMap.class.getPackage().getImplementationVersion())
            .orElse("dev");

    private final String clusterId;
    private final Peer self;
    private final List<Peer> nodes;
    private final Supplier<Leadership> leadership;
    private final PeerTable table;
    private final Readiness readiness;
    private final Disk disk;
    private final Clock clock;

    /**
     * What this node knows of its disk; null while it is not known.
     *
     * @param storage what is on it
     * @param scavenge how dead events' space is given back
     */
    public record Disk(Supplier<@Nullable StorageView> storage, Supplier<@Nullable ScavengeView> scavenge) {}

    /**
     * Puts it together.
     *
     * @param nodes all of them, this one too
     */
    public ClusterMap(
            String clusterId,
            Peer self,
            List<Peer> nodes,
            Supplier<Leadership> leadership,
            PeerTable table,
            Readiness readiness,
            Disk disk,
            Clock clock) {
        this.clusterId = clusterId;
        this.self = self;
        this.nodes = List.copyOf(nodes);
        this.leadership = leadership;
        this.table = table;
        this.readiness = readiness;
        this.disk = disk;
        this.clock = clock;
    }

    @Override
    public ClusterView view() {
        Leadership now = leadership.get();
        ClusterView.Builder view = ClusterView.newBuilder()
                .setClusterId(clusterId)
                .setAnsweredBy(self.id())
                .setLeader(leader(now))
                .setTerm(now.term());
        for (Peer node : nodes) {
            view.addNodes(node.equals(self) ? own(now) : other(node));
        }
        return view.build();
    }

    @Override
    public Optional<String> notReadyReason() {
        return readiness.notReadyReason();
    }

    @Override
    public Optional<String> notStartedReason() {
        return readiness.hasStarted() ? Optional.empty() : readiness.notReadyReason();
    }

    @Override
    public Optional<String> leaderHttpAddress() {
        String leader = leadership.get().leader();
        return nodes.stream()
                .filter(node -> node.id().equals(leader) && !node.equals(self))
                .map(node -> node.http().toString())
                .findFirst();
    }

    /** What this node tells the others about itself. */
    public GetStatusResponse status() {
        Leadership now = leadership.get();
        return GetStatusResponse.newBuilder()
                .setClusterId(clusterId)
                .setNode(own(now))
                .setLeader(leader(now))
                .setClockNs(Nanos.of(clock))
                .build();
    }

    private NodeView own(Leadership now) {
        Optional<String> notReady = readiness.notReadyReason();
        NodeView.Builder view = addresses(NodeView.newBuilder(), self)
                .setRole(role(now.role()))
                .setTerm(now.term())
                .setApplied(now.applied())
                .setCommitted(now.committed())
                .setSnapshot(Math.max(0, now.snapshot()))
                .setReachable(true)
                .setReady(notReady.isEmpty())
                .setNotReadyReason(notReady.orElse(""))
                .setVersion(VERSION);
        StorageView onDisk = disk.storage().get();
        if (onDisk != null) {
            view.setStorage(onDisk);
        }
        ScavengeView scavenging = disk.scavenge().get();
        if (scavenging != null) {
            view.setScavenge(scavenging);
        }
        return view.build();
    }

    private NodeView other(Peer node) {
        PeerTable.Heard heard = table.heard(node.id());
        if (heard == null) {
            return addresses(NodeView.newBuilder(), node)
                    .setNotReadyReason("not heard of yet")
                    .build();
        }
        NodeView.Builder view = addresses(heard.answer().getNode().toBuilder(), node)
                .setReachable(heard.isReachable())
                .setClockOffsetNs(heard.clockOffsetNs())
                .setAgeMillis(heard.ageMs());
        if (!heard.isReachable()) {
            view.setRole(NodeView.Role.UNKNOWN).setReady(false).setNotReadyReason("it does not answer");
        }
        return view.build();
    }

    private static NodeView.Builder addresses(NodeView.Builder view, Peer node) {
        return view.setId(node.id())
                .setGrpcAddress(node.grpc().toString())
                .setHttpAddress(node.http().toString())
                .setRaftAddress(node.raft().toString());
    }

    private static String leader(Leadership now) {
        @Nullable String leader = now.leader();
        return leader == null ? "" : leader;
    }

    private static NodeView.Role role(Leadership.Role role) {
        return switch (role) {
            case LEADER -> NodeView.Role.LEADER;
            case FOLLOWER -> NodeView.Role.FOLLOWER;
            case CANDIDATE -> NodeView.Role.CANDIDATE;
            case STARTING, CLOSED -> NodeView.Role.UNKNOWN;
        };
    }
}
