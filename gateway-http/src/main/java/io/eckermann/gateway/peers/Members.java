package io.eckermann.gateway.peers;

import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.Membership;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of the cluster as this node knows them: those of its configuration, what other nodes told when it found them,
 * and, once Raft has told it, the members and nobody else. Addresses of the configuration count more than Raft's, so
 * that all nodes can be given others by a restart. Safe from any thread.
 */
public final class Members {
    private final Peer self;
    /** Under the monitor, once it is put together. */
    private final Map<String, Peer> configured = new TreeMap<>();

    private volatile List<Peer> all;
    private volatile List<String> ids = List.of();
    /** Of each shard; the first one's are the nodes. */
    private volatile List<Supplier<Membership>> shards = List.of(() -> Membership.UNKNOWN);

    private volatile long index = -1;
    private volatile boolean wasMember;
    private volatile boolean wasMemberOfAll;
    private volatile boolean waits;

    /**
     * Knows what is configured.
     *
     * @param self under the id it has in the cluster
     */
    public Members(Peer self, List<Peer> others) {
        this.self = self;
        others.forEach(peer -> configured.put(peer.id(), peer));
        configured.remove(self.id());
        this.all = withSelf(new TreeMap<>(configured));
    }

    /** This node. */
    public Peer self() {
        return self;
    }

    /** The members, as far as they are known, and this node. */
    public List<Peer> all() {
        return all;
    }

    /** All but this node. */
    public List<Peer> others() {
        return all.stream().filter(peer -> !peer.id().equals(self.id())).toList();
    }

    /** One of them; null when there is none with this id. */
    public @Nullable Peer peer(String id) {
        for (Peer peer : all) {
            if (peer.id().equals(id)) {
                return peer;
            }
        }
        return null;
    }

    /** The ids that Raft has told; empty before. */
    public List<String> ids() {
        return ids;
    }

    /** Whether Raft counts this node among the members. */
    public boolean isMember() {
        return ids.contains(self.id());
    }

    /** Raft index of the list, -1 while it is that of the founders. */
    public long index() {
        return index;
    }

    /** Whether it is one, or was one before, by a list that a majority has on disk: others go when a leader does. */
    public boolean wasMember() {
        return wasMember;
    }

    /** This node was one before it was started. */
    public void remember() {
        wasMember = true;
    }

    /** Whether it is one in all shards, or was one before, likewise. */
    public boolean wasMemberOfAll() {
        return wasMemberOfAll;
    }

    /** This node was one in all shards before it was started. */
    public void rememberAll() {
        wasMemberOfAll = true;
    }

    /** From now on this node waits to be added, until Raft counts it. */
    public void await() {
        waits = true;
    }

    /** This node is not ready to be added any more. */
    public void waitNoMore() {
        waits = false;
    }

    /** Whether it waits for that, in any shard, ready to be sent the log; once added to all, it waits no more. */
    public boolean waitsToBeAdded() {
        if (waits && shards.stream().map(Supplier::get).allMatch(this::hasSelfForCertain)) {
            waits = false;
        }
        return waits;
    }

    /**
     * Of one that was a member of all before, a list that has it is not the first. Of others the list may have been written
     * by a leader that was lost with it.
     */
    private boolean hasSelfForCertain(Membership membership) {
        return wasMemberOfAll ? membership.has(self.id()) : isSettledWithSelf(membership);
    }

    private boolean isSettledWithSelf(Membership membership) {
        return membership.settled() && membership.has(self.id());
    }

    /**
     * Nodes of the configuration are found elsewhere than before; of others nothing is taken in.
     *
     * @return those that are
     */
    public synchronized List<Peer> moved(List<Peer> found) {
        List<Peer> moved = found.stream()
                .filter(peer -> configured.containsKey(peer.id()) && !peer.equals(configured.get(peer.id())))
                .toList();
        Map<String, Peer> next = new TreeMap<>();
        all.forEach(peer -> next.put(peer.id(), peer));
        for (Peer peer : moved) {
            configured.put(peer.id(), peer);
            next.replace(peer.id(), peer);
        }
        all = withSelf(next);
        return moved;
    }

    /** Takes in what nodes said that this one found. */
    public synchronized void learn(List<Peer> found) {
        if (ids.isEmpty()) {
            Map<String, Peer> more = new TreeMap<>(configured);
            found.forEach(peer -> more.putIfAbsent(peer.id(), peer));
            all = withSelf(more);
        }
    }

    /**
     * From now on Raft says who they are.
     *
     * @param memberships of each shard, by number; who belongs to any belongs to the first
     */
    public void follow(List<Supplier<Membership>> memberships) {
        shards = List.copyOf(memberships);
    }

    /** The ids that Raft tells at this moment, after it was asked; empty before it runs. */
    public synchronized List<String> askRaft() {
        update(shards.get(0).get());
        return ids;
    }

    /** Takes in Raft's list; an empty one says nothing. */
    private void update(Membership membership) {
        List<String> told =
                membership.members().stream().map(Member::id).sorted().toList();
        index = membership.index();
        wasMember |= isSettledWithSelf(membership);
        wasMemberOfAll = wasMemberOfAll || shards.stream().map(Supplier::get).allMatch(this::isSettledWithSelf);
        if (told.isEmpty() || told.equals(ids)) {
            return;
        }
        Map<String, Peer> next = new TreeMap<>();
        for (Member member : membership.members()) {
            Peer known = configured.get(member.id());
            if (known == null && !member.grpcAddress().isEmpty()) {
                known = peer(member);
            }
            if (known != null) {
                next.put(member.id(), known);
            }
        }
        all = withSelf(next);
        ids = told;
    }

    /** A member whose doors are known as a node. */
    static Peer peer(Member member) {
        return new Peer(
                member.id(),
                HostPort.parse(member.raftAddress()),
                HostPort.parse(member.grpcAddress()),
                HostPort.parse(member.httpAddress()));
    }

    /** A node as Raft's list has it. */
    public static Member member(Peer peer) {
        return new Member(
                peer.id(),
                peer.raft().toString(),
                peer.grpc().toString(),
                peer.http().toString());
    }

    private List<Peer> withSelf(Map<String, Peer> peers) {
        peers.put(self.id(), self);
        return List.copyOf(peers.values());
    }
}
