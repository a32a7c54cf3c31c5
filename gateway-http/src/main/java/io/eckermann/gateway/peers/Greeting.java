package io.eckermann.gateway.peers;

import io.eckermann.protocol.internal.v1.GreetRequest;
import io.eckermann.protocol.internal.v1.GreetResponse;
import io.eckermann.protocol.internal.v1.PeersGrpc;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's first words to the others, before it takes part for the first time: has any of them met it before, with
 * data that it no longer has? So many are asked that every majority it may have voted with is represented.
 */
public final class Greeting {
    private static final Logger LOG = LoggerFactory.getLogger(Greeting.class);
    private static final Duration TRY_EVERY = Duration.ofMillis(500);
    private static final Duration TELL_EVERY = Duration.ofSeconds(10);

    private final PeerChannels channels;
    private final List<String> others;
    private final GreetRequest request;

    /** Under the lock of this object: what the others answered. */
    private final TreeMap<String, GreetResponse> answers = new TreeMap<>();

    /** Says why this node must not take part. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Prepares a greeting.
     *
     * @param incarnation drawn when this node's data directory was made
     */
    public Greeting(PeerChannels channels, List<Peer> others, String clusterId, String nodeId, String incarnation) {
        this.channels = channels;
        this.others = others.stream().map(Peer::id).toList();
        this.request = GreetRequest.newBuilder()
                .setClusterId(clusterId)
                .setNodeId(nodeId)
                .setIncarnation(incarnation)
                .build();
    }

    /** How many of the others must answer: one more than can be missing from a majority, at most all of them. */
    static int needed(int nodes) {
        int majority = nodes / 2 + 1;
        return Math.min(nodes - majority + 1, nodes - 1);
    }

    /**
     * Waits for enough answers, however long that takes.
     *
     * @param stopped ends the waiting
     * @throws RefusedException when the node must not start
     * @throws InterruptedException also when stopped
     */
    public synchronized void await(BooleanSupplier stopped) throws RefusedException, InterruptedException {
        int needed = needed(others.size() + 1);
        long tellAt = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (true) {
            for (GreetResponse answer : new ArrayList<>(answers.values())) {
                check(answer);
            }
            if (answers.size() >= needed) {
                LOG.info("First start: {} agree that this node is new", answers.keySet());
                return;
            }
            if (stopped.getAsBoolean()) {
                throw new InterruptedException("stopped while waiting for the other nodes");
            }
            Set<String> missing = new TreeSet<>(others);
            missing.removeAll(answers.keySet());
            if (System.nanoTime() - tellAt >= 0) {
                LOG.info("First start: waiting for {} more of {} to answer", needed - answers.size(), missing);
                tellAt = System.nanoTime() + TELL_EVERY.toNanos();
            }
            missing.forEach(this::greet);
            TimeUnit.NANOSECONDS.timedWait(this, TRY_EVERY.toNanos());
        }
    }

    private void check(GreetResponse answer) throws RefusedException {
        String me = request.getNodeId();
        if (!answer.getClusterId().equals(request.getClusterId())) {
            throw new RefusedException("Node " + answer.getNodeId() + " belongs to cluster " + answer.getClusterId()
                    + ", this node " + me + " to " + request.getClusterId()
                    + "; correct cluster.id of the one that is wrong, or the addresses in nodes.");
        }
        if (!answer.getKnownIncarnation().equals(request.getIncarnation())) {
            throw new RefusedException("Node " + me + " was a member of this cluster before (" + answer.getNodeId()
                    + " has met it), but its data directory is empty. Rejoining under the same id could lose"
                    + " acknowledged events. Restore the directory, or give the node another id in all"
                    + " configurations.");
        }
    }

    private void greet(String peer) {
        channels.reconnect(peer);
        PeersGrpc.newStub(channels.channel(peer))
                .withDeadlineAfter(2, TimeUnit.SECONDS)
                .greet(request, new StreamObserver<>() {
                    @Override
                    public void onNext(GreetResponse answer) {
                        answered(peer, answer);
                    }

                    @Override
                    public void onError(@Nullable Throwable failure) {
                        LOG.debug("{} does not answer the greeting: {}", peer, String.valueOf(failure));
                    }

                    @Override
                    public void onCompleted() {}
                });
    }

    private synchronized void answered(String peer, GreetResponse answer) {
        if (answer.getClusterId().equals(request.getClusterId())
                && !answer.getNodeId().equals(peer)) {
            LOG.warn("At the address of {} answers {}; correct the addresses in nodes", peer, answer.getNodeId());
            return;
        }
        answers.put(peer, answer);
        notifyAll();
    }
}
