package io.eckermann.gateway.cluster;

import io.eckermann.gateway.peers.ClusterCommands;
import io.eckermann.gateway.peers.Members;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.protocol.internal.v1.GetStatusResponse;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.ScavengeView;
import io.eckermann.protocol.v1.ScrubView;
import io.eckermann.protocol.v1.StateDigestView;
import io.eckermann.protocol.v1.StorageView;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.command.CommandCodec;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The cluster from what this node knows of itself and last heard from the others. */
public final class ClusterMap {
    /** Of the node's own program. */
    public static final String VERSION = Optional.ofNullable(
                    ClusterMap.class.getPackage().getImplementationVersion())
            .orElse("dev");

    private final String clusterId;
    private final Members members;
    private final Peer self;
    private final Supplier<List<Leadership>> shards;
    private final PeerTable table;
    private final Readiness readiness;
    private final Disk disk;
    private final Clock clock;
    private final long startedNs;

    /**
     * What this node knows of its disk; null while it is not known.
     *
     * @param storage what is on it
     * @param scavenge how dead events' space is given back
     * @param scrub how what is kept is read through
     * @param digests what the states came to, which are read through as well
     * @param room what is free
     */
    public record Disk(
            Supplier<@Nullable StorageView> storage,
            Supplier<@Nullable ScavengeView> scavenge,
            Supplier<@Nullable ScrubView> scrub,
            Supplier<List<StateDigestView>> digests,
            DiskRoom room) {}

    /** The same together with what operators have nodes do. */
    public ClusterHandler with(ClusterCommands commands) {
        return new Handler(this, commands);
    }

    private record Handler(ClusterMap map, ClusterCommands commands) implements ClusterHandler {
        @Override
        public ClusterView view() {
            return map.view();
        }

        @Override
        public Optional<String> notReadyReason() {
            return map.notReadyReason();
        }

        @Override
        public Optional<String> notStartedReason() {
            return map.notStartedReason();
        }

        @Override
        public Optional<String> leaderHttpAddress() {
            return map.leaderHttpAddress();
        }
    }

    /**
     * Puts it together.
     *
     * @param shards this node's part in each of them
     */
    public ClusterMap(
            String clusterId,
            Members members,
            Supplier<List<Leadership>> shards,
            PeerTable table,
            Readiness readiness,
            Disk disk,
            Clock clock) {
        this.clusterId = clusterId;
        this.members = members;
        this.self = members.self();
        this.shards = shards;
        this.table = table;
        this.readiness = readiness;
        this.disk = disk;
        this.clock = clock;
        this.startedNs = Nanos.of(clock);
    }

    /** This node's id. */
    public String self() {
        return self.id();
    }

    /** As of now; the others as they last said. */
    public ClusterView view() {
        List<Leadership> all = shards.get();
        Leadership now = all.get(0);
        ClusterView.Builder view = ClusterView.newBuilder()
                .setClusterId(clusterId)
                .setAnsweredBy(self.id())
                .setLeader(leader(now))
                .setTerm(now.term())
                .setCutOff(now.leader() == null && cutOff(members, table).isPresent());
        for (Leadership each : all) {
            view.addShardsBuilder()
                    .setShard(view.getShardsCount() - 1)
                    .setLeader(leader(each))
                    .setTerm(each.term());
        }
        for (Peer node : members.all()) {
            view.addNodes(node.equals(self) ? own(all) : other(node));
        }
        DigestVerdicts.judge(view, VERSION);
        return view.build();
    }

    /** Empty when this node can serve reads and writes; else why not. */
    public Optional<String> notReadyReason() {
        return readiness.notReadyReason();
    }

    /** Empty once this node has come to serve; else why not yet. */
    public Optional<String> notStartedReason() {
        return readiness.hasStarted() ? Optional.empty() : readiness.notReadyReason();
    }

    /** host:port of the HTTP door of the node that leads; empty when unknown or when it is this node. */
    public Optional<String> leaderHttpAddress() {
        String leader = shards.get().get(0).leader();
        return members.all().stream()
                .filter(node -> node.id().equals(leader) && !node.equals(self))
                .map(node -> node.http().toString())
                .findFirst();
    }

    /** What this node tells the others about itself. */
    public GetStatusResponse status() {
        List<Leadership> all = shards.get();
        return GetStatusResponse.newBuilder()
                .setClusterId(clusterId)
                .setNode(own(all))
                .setLeader(leader(all.get(0)))
                .setClockNs(Nanos.of(clock))
                .setWaitsToBeAdded(members.waitsToBeAdded())
                .setStartedNs(startedNs)
                .setCommandFormat(CommandCodec.FORMAT_NEWEST)
                // Asked for after what is committed: so they are no older than that.
                .addAllMembers(members.askRaft())
                .build();
    }

    /** In words, when this node reaches too few of the members for a majority; empty while it reaches enough. */
    public static Optional<String> cutOff(Members members, PeerTable table) {
        List<Peer> others = members.others();
        long reached =
                others.stream().filter(node -> table.isReachable(node.id())).count();
        return reached + 1 > (others.size() + 1) / 2
                ? Optional.empty()
                : Optional.of("cut off: it reaches " + reached + " of " + others.size() + " other nodes");
    }

    private NodeView own(List<Leadership> all) {
        Leadership now = all.get(0);
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
                .setVersion(VERSION)
                .setDiskFreeBytes(disk.room().freeBytes())
                .setDiskTotalBytes(disk.room().totalBytes())
                .setDiskLow(disk.room().isLow())
                .addAllDigests(disk.digests().get());
        for (Leadership each : all) {
            view.addShardsBuilder()
                    .setShard(view.getShardsCount() - 1)
                    .setRole(role(each.role()))
                    .setTerm(each.term())
                    .setApplied(each.applied())
                    .setCommitted(each.committed())
                    .setSnapshot(Math.max(0, each.snapshot()));
        }
        StorageView onDisk = disk.storage().get();
        if (onDisk != null) {
            view.setStorage(onDisk);
        }
        ScavengeView scavenging = disk.scavenge().get();
        if (scavenging != null) {
            view.setScavenge(scavenging);
        }
        ScrubView scrubbing = disk.scrub().get();
        if (scrubbing != null) {
            view.setScrub(scrubbing);
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
            view.setRole(NodeView.Role.UNKNOWN).clearShards().setReady(false).setNotReadyReason("it does not answer");
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
