package io.eckermann.gateway.cluster;

import io.eckermann.gateway.peers.Peer;
import io.eckermann.protocol.internal.v1.GetStatusResponse;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.statemachine.command.CommandCodec;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the other nodes last said, and when. {@link #poll} is called by a timer about once a second, and by
 * who can't wait; everything may be
 * called from any thread and never blocks.
 */
public final class PeerTable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerTable.class);
    private static final Duration REACHABLE_FOR = Duration.ofSeconds(5);

    private final String clusterId;
    private final Supplier<List<Peer>> others;
    private final Function<String, CompletableFuture<GetStatusResponse>> ask;
    private final Clock clock;
    private final Map<String, Heard> heard = new ConcurrentHashMap<>();
    private final Set<String> asking = ConcurrentHashMap.newKeySet();
    private final Set<String> reachable = ConcurrentHashMap.newKeySet();

    /**
     * A node's last answer.
     *
     * @param atNs on {@link System#nanoTime}
     * @param clockOffsetNs how far its clock is ahead of this node's
     */
    record Heard(GetStatusResponse answer, long atNs, long clockOffsetNs) {
        long ageMs() {
            return Duration.ofNanos(System.nanoTime() - atNs).toMillis();
        }

        boolean isReachable() {
            return ageMs() < REACHABLE_FOR.toMillis();
        }
    }

    /**
     * An empty table.
     *
     * @param others all nodes but this one, as of now
     * @param ask asks one node; its answer must fail after a while when none comes
     */
    public PeerTable(
            String clusterId,
            Supplier<List<Peer>> others,
            Function<String, CompletableFuture<GetStatusResponse>> ask,
            Clock clock) {
        this.clusterId = clusterId;
        this.others = others;
        this.ask = ask;
        this.clock = clock;
    }

    /** Asks every node that has no question open. */
    public void poll() {
        List<String> peers = others.get().stream().map(Peer::id).toList();
        heard.keySet().retainAll(peers);
        reachable.retainAll(peers);
        for (String peer : peers) {
            noteReachable(peer);
            if (asking.add(peer)) {
                long askedNs = System.nanoTime();
                var unused = asked(peer).whenComplete((answer, failure) -> answered(peer, askedNs, answer));
            }
        }
    }

    private CompletableFuture<GetStatusResponse> asked(String peer) {
        try {
            return ask.apply(peer);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What a node last said; null when it never answered. */
    @Nullable
    Heard heard(String peer) {
        return heard.get(peer);
    }

    /** Whether a node has answered lately. */
    public boolean isReachable(String peer) {
        Heard last = heard.get(peer);
        return last != null && last.isReachable();
    }

    /** Whether a node has said lately that it is ready. */
    public boolean isReady(String peer) {
        Heard last = heard.get(peer);
        return last != null && last.isReachable() && last.answer().getNode().getReady();
    }

    /** The same, where it matters more: one that was ready lately may be dead by now. */
    boolean isReadySince(String peer, long momentNs) {
        Heard last = heard.get(peer);
        return last != null
                && last.atNs() - momentNs >= 0
                && last.answer().getNode().getReady();
    }

    /** When a node that has answered lately was started, by its own clock; 0 when it has not. */
    public long startedNs(String peer) {
        Heard last = heard.get(peer);
        return last != null && last.isReachable() ? last.answer().getStartedNs() : 0;
    }

    /** Whether a node has said lately that its disk has too little room; one that does not answer has not. */
    public boolean isDiskLow(String peer) {
        Heard last = heard.get(peer);
        return last != null && last.isReachable() && last.answer().getNode().getDiskLow();
    }

    /** How many of the others are there and have room on their disks. */
    public long withRoom() {
        return heard.keySet().stream()
                .filter(peer -> isReachable(peer) && !isDiskLow(peer))
                .count();
    }

    /** How many of the nodes that answer have too little room on their disks. */
    public long lowDisks() {
        return heard.keySet().stream().filter(this::isDiskLow).count();
    }

    /**
     * Up to which format all nodes read commands; one that has not answered lately counts as of the first release.
     *
     * @param own this node's
     */
    public int commandFormat(int own) {
        int least = own;
        for (Peer peer : others.get()) {
            Heard last = heard.get(peer.id());
            int said = last != null && last.isReachable() ? last.answer().getCommandFormat() : 0;
            least = Math.min(least, Math.max(CommandCodec.FORMAT_FIRST, said));
        }
        return least;
    }

    /** Whether a node that leads has said lately, when it had committed as much as this, that the node is no member. */
    public boolean isRemoved(String node, long index) {
        return heard.values().stream()
                .filter(Heard::isReachable)
                .map(Heard::answer)
                .anyMatch(answer -> answer.getNode().getRole() == NodeView.Role.LEADER
                        && answer.getNode().getCommitted() >= index
                        && answer.getMembersCount() > 0
                        && !answer.getMembersList().contains(node));
    }

    /** How far the clocks of the nodes that answer are ahead of this node's, in nanoseconds. */
    public List<Long> clockOffsetsNs() {
        return heard.values().stream()
                .filter(Heard::isReachable)
                .map(Heard::clockOffsetNs)
                .toList();
    }

    private void answered(String peer, long askedNs, @Nullable GetStatusResponse answer) {
        asking.remove(peer);
        if (answer == null) {
            return;
        }
        if (!answer.getClusterId().equals(clusterId)
                || !answer.getNode().getId().equals(peer)) {
            LOG.debug("At the address of {} answers {}", peer, answer);
            return;
        }
        long now = System.nanoTime();
        // The other clock was read about half a round trip ago.
        long offsetNs = answer.getClockNs() - (Nanos.of(clock) - (now - askedNs) / 2);
        heard.put(peer, new Heard(answer, now, offsetNs));
    }

    private void noteReachable(String peer) {
        boolean isReachable = isReachable(peer);
        if (isReachable && reachable.add(peer)) {
            LOG.info("Node {} is reachable", peer);
        } else if (!isReachable && reachable.remove(peer)) {
            LOG.warn("Node {} does not answer any more", peer);
        }
    }
}
