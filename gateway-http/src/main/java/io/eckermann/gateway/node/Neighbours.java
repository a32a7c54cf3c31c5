package io.eckermann.gateway.node;

import io.eckermann.gateway.cluster.ClusterMap;
import io.eckermann.gateway.cluster.PeerTable;
import io.eckermann.gateway.peers.Greetings;
import io.eckermann.gateway.peers.Members;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.gateway.peers.PeerBodies;
import io.eckermann.gateway.peers.PeerChannels;
import io.eckermann.gateway.peers.PeerStatus;
import io.eckermann.gateway.tls.NodeTls;
import io.eckermann.raftlog.FailStop;
import io.eckermann.raftlog.Membership;
import io.eckermann.raftlog.ratis.RatisLog;
import io.eckermann.statemachine.chunk.ChunkSource;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other nodes as this one has to do with them, and whether it belongs to them. Safe from any thread. */
final class Neighbours implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);

    private static final String GONE_BACK =
            "This node was added to some shards only, and is removed from these: a restart lets it wait to be added, with"
                    + " nothing.";
    private static final String NEVER_ADDED =
            "This node was about to be added when the leader that did it was lost, and the others know"
                    + " nothing of it: a restart lets it wait to be added, with nothing.";

    private final String clusterId;
    private final DataDirectory directory;
    private final Members members;
    private final PeerChannels channels;
    private final PeerStatus status;
    private final PeerTable table;
    private final Greetings greetings;
    private final Entrance entrance;
    private final CompletableFuture<Void> removed;
    private final Set<Integer> shardsOutOf = ConcurrentHashMap.newKeySet();
    private volatile boolean haveRoom = true;
    private volatile boolean haveRoomWithoutThis;

    /**
     * Asks nobody yet.
     *
     * @param callbacks runs what comes in
     * @param tls null: plain text
     * @param removed is completed when this node belongs to the others no longer
     */
    Neighbours(
            NodeConfig config,
            DataDirectory directory,
            Executor callbacks,
            Clock clock,
            @Nullable NodeTls tls,
            CompletableFuture<Void> removed)
            throws IOException {
        this.clusterId = config.clusterId();
        this.directory = directory;
        this.removed = removed;
        Peer self = config.self();
        // As configured, with this node under the id that its directory has.
        members = new Members(new Peer(directory.memberId(), self.raft(), self.grpc(), self.http()), config.others());
        channels = new PeerChannels(members, callbacks, tls);
        status = new PeerStatus(channels);
        table = new PeerTable(
                config.clusterId(), members::others, peer -> status.ask(peer, Conduct.ASK_TIMEOUT), clock);
        greetings = new Greetings(
                directory.greetings(), config.clusterId(), directory.restored(), members, config.shards());
        // So that those know it which it tells: it may never have had to greet them.
        greetings.learn(Map.of(directory.memberId(), directory.incarnation()));
        entrance = new Entrance(config, directory, members, channels, status, greetings);
    }

    Members members() {
        return members;
    }

    PeerChannels channels() {
        return channels;
    }

    PeerStatus status() {
        return status;
    }

    PeerTable table() {
        return table;
    }

    Greetings greetings() {
        return greetings;
    }

    Entrance entrance() {
        return entrance;
    }

    /** The bodies that each of the others has of a shard. */
    List<ChunkSource> bodies(int shard) {
        return members.others().stream()
                .map(peer -> (ChunkSource) new PeerBodies(clusterId, channels, peer.id(), shard))
                .toList();
    }

    /** In words, when this node reaches no majority. */
    Optional<String> cutOff() {
        return ClusterMap.cutOff(members, table);
    }

    /** Raft has begun in all shards, and says who the members are. */
    void began(List<RatisLog> logs) {
        if (directory.wasMember()) {
            members.remember();
        }
        if (directory.wasMemberOfAll()) {
            members.rememberAll();
        }
        if (!directory.isFounding()) {
            members.await();
        }
        members.follow(
                logs.stream().map(log -> (Supplier<Membership>) log::membership).toList());
        follow();
    }

    /** Nodes are where these are, as DNS says now. */
    void found(List<Peer> nodes) {
        for (Peer moved : members.moved(nodes)) {
            LOG.info("Node {} is at {}, {} and {} now", moved.id(), moved.raft(), moved.grpc(), moved.http());
        }
        channels.dropOthers();
    }

    /** Keeps to what Raft says. */
    void follow() {
        List<String> unused = members.askRaft();
        channels.dropOthers();
        if (members.wasMember()) {
            noteMember();
        }
    }

    private void noteMember() {
        try {
            directory.markMember();
            if (members.wasMemberOfAll()) {
                directory.markMemberOfAll();
            }
        } catch (IOException e) {
            LOG.warn("That this node is a member could not be noted in the data directory: {}", e.toString());
        }
    }

    /** Whether so many of them have room on their disks that they are a majority with this node. */
    boolean haveRoom() {
        return haveRoom;
    }

    /** Whether so many of them are there and have room that this node's disk is not needed. */
    boolean haveRoomWithoutThis() {
        return haveRoomWithoutThis;
    }

    /**
     * Asks to be added, or notices that this node was removed, or that others' disks are full.
     *
     * @param failStop ends a node that is to begin anew
     */
    void look(FailStop failStop) {
        entrance.look();
        int nodes = members.all().size();
        // Who is not there has no room either, but that alone is for Raft to notice.
        haveRoom = table.lowDisks() == 0 || table.withRoom() + 1 > nodes / 2;
        haveRoomWithoutThis = table.withRoom() > nodes / 2;
        if (members.wasMember() && table.isRemoved(members.self().id(), members.index())) {
            removed(failStop);
        }
    }

    /** Whoever runs the node stops it then: the directory must not be used any more. */
    private void removed(FailStop failStop) {
        if (removed.isDone()) {
            return;
        }
        LOG.warn("This node was removed from the cluster: it stops");
        try {
            directory.markRemoved();
        } catch (IOException e) {
            LOG.warn("That could not be noted in the data directory: {}", e.toString());
        }
        if (directory.isHalfAdded()) {
            failStop.stop(GONE_BACK, null);
            return;
        }
        removed.complete(null);
    }

    /**
     * A leader has said that this node is no member. One that never was for certain is not removed: the entry that was to
     * add it went with the leader that had written it.
     *
     * @param failStop ends a node that is to begin anew, and wait to be added
     */
    void toldItIsNoMember(FailStop failStop) {
        if (directory.wasMember()) {
            removed(failStop);
            return;
        }
        try {
            directory.markNeverAdded();
            failStop.stop(NEVER_ADDED, null);
        } catch (IOException e) {
            failStop.stop("That this node was never added could not be noted: check the disk.", e);
        }
    }

    /**
     * A leader has said that this node is no member of a shard behind the first. Who leaves goes from these first. One that
     * was never a member of all for certain was being added, and the entry went with the leader that had written it: it goes
     * back. What it has is its own until the others have removed it, as it may have voted.
     */
    void toldItIsNoMemberOf(int shard) {
        if (!shardsOutOf.add(shard)) {
            return;
        }
        if (directory.wasMemberOfAll()) {
            LOG.warn("This node is no member of shard {} any more: when it is removed from all, it stops", shard);
            return;
        }
        try {
            directory.markHalfAdded();
            entrance.goBack();
            LOG.warn(
                    "This node was about to be added to shard {} when the leader that did it was lost: it asks to be removed"
                            + " from the others, to be added anew",
                    shard);
        } catch (IOException e) {
            shardsOutOf.remove(shard);
            LOG.warn("That this node was added to some shards only could not be noted: {}", e.toString());
        }
    }

    @Override
    public void close() {
        channels.close();
    }
}
