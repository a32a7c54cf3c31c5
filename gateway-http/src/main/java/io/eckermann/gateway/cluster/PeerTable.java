package io.eckermann.gateway.cluster;

import io.eckermann.gateway.peers.Peer;
import io.eckermann.protocol.internal.v1.GetStatusResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the other nodes last said, and when. {@link #poll} is called by a timer about once a second; everything may be
 * called from any thread and never blocks.
 */
public final class PeerTable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerTable.class);
    private static final Duration REACHABLE_FOR = Duration.ofSeconds(5);

    private final String clusterId;
    private final Set<String> peers;
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
     * @param ask asks one node; its answer must fail after a while when none comes
     */
    public PeerTable(
            String clusterId,
            List<Peer> others,
            Function<String, CompletableFuture<GetStatusResponse>> ask,
            Clock clock) {
        this.clusterId = clusterId;
        this.peers = others.stream().map(Peer::id).collect(Collectors.toUnmodifiableSet());
        this.ask = ask;
        this.clock = clock;
    }

    /** Asks every node that has no question open. */
    public void poll() {
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
        Heard last = heard.get(peer);
        boolean isReachable = last != null && last.isReachable();
        if (isReachable && reachable.add(peer)) {
            LOG.info("Node {} is reachable", peer);
        } else if (!isReachable && reachable.remove(peer)) {
            LOG.warn("Node {} does not answer any more", peer);
        }
    }
}
