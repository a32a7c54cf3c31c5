package io.eckermann.gateway.peers;

import io.eckermann.protocol.internal.v1.GreetRequest;
import io.eckermann.protocol.internal.v1.GreetResponse;
import io.eckermann.protocol.internal.v1.MemberAddress;
import io.eckermann.protocol.internal.v1.PeersGrpc;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's first words to the others, before it takes part for the first time. Either none of them belongs to a cluster
 * yet: then enough of them must agree on which nodes found one, and that this node is new. Or one of them does: then this
 * node has to be taken in, under its id, or under another when somebody with that id was there before. So many are asked
 * that every majority it may have voted with is represented.
 */
public final class Greeting {
    private static final Logger LOG = LoggerFactory.getLogger(Greeting.class);
    private static final Duration TRY_EVERY = Duration.ofMillis(500);
    private static final Duration TELL_EVERY = Duration.ofSeconds(10);

    private final PeerChannels channels;
    private final Members members;
    private final List<String> configured;
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

    /** What follows from the answers. */
    public enum Outcome {
        /** The configured nodes found a cluster. */
        FOUND,
        /** There is one, and it takes this node in under its id, or counts it already. */
        JOIN,
        /** There is one that has met another node of this id, perhaps this one with data that it lost. */
        JOIN_UNDER_ANOTHER_ID
    }

    /**
     * Prepares a greeting.
     *
     * @param members learns which nodes there are
     * @param shards how many the cluster has
     * @param incarnation drawn when this node's data directory was made
     * @param restored the state of another cluster that this node begins with; empty for none
     */
    public Greeting(
            PeerChannels channels, Members members, String clusterId, int shards, String incarnation, String restored) {
        this.channels = channels;
        this.members = members;
        this.configured = members.others().stream().map(Peer::id).toList();
        GreetRequest.Builder greeting = GreetRequest.newBuilder()
                .setClusterId(clusterId)
                .setNodeId(members.self().id())
                .setIncarnation(incarnation)
                .setShards(shards)
                .setRestored(restored);
        members.all().forEach(peer -> greeting.addFounders(Addresses.of(peer)));
        this.request = greeting.build();
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
    public synchronized Outcome await(BooleanSupplier stopped) throws RefusedException, InterruptedException {
        long tellAt = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (true) {
            for (GreetResponse answer : new ArrayList<>(answers.values())) {
                check(answer);
            }
            Outcome outcome = outcome();
            if (outcome != null) {
                LOG.info("First start: {}, as {} say", outcome, answers.keySet());
                return outcome;
            }
            if (stopped.getAsBoolean()) {
                throw new InterruptedException("stopped while waiting for the other nodes");
            }
            if (System.nanoTime() - tellAt >= 0) {
                LOG.info("First start: {}", waitsFor());
                tellAt = System.nanoTime() + TELL_EVERY.toNanos();
            }
            configured.forEach(this::greet);
            TimeUnit.NANOSECONDS.timedWait(this, TRY_EVERY.toNanos());
        }
    }

    /** Has this node remember, durably, whom those met that answered: they may leave, and ids must not be used twice. */
    public synchronized void learn(Greetings greetings) throws IOException {
        for (GreetResponse answer : answers.values()) {
            greetings.learn(answer.getMetMap());
        }
    }

    /**
     * Waits until no member has this node's address, for Raft.
     *
     * @param held gets the id of the member that has it, again and again
     */
    public synchronized void awaitAddress(BooleanSupplier stopped, Consumer<String> held) throws InterruptedException {
        while (true) {
            List<String> holders = answers.values().stream()
                    .filter(GreetResponse::getFormed)
                    .flatMap(answer -> answer.getMembersList().stream())
                    .filter(member -> !member.getId().equals(request.getNodeId())
                            && member.getRaft().equals(members.self().raft().toString()))
                    .map(MemberAddress::getId)
                    .toList();
            if (holders.isEmpty() && !answers.isEmpty()) {
                return;
            }
            if (stopped.getAsBoolean()) {
                throw new InterruptedException("stopped while waiting for the other nodes");
            }
            holders.stream().findFirst().ifPresent(held);
            answers.clear();
            configured.forEach(this::greet);
            long endNs = System.nanoTime() + TRY_EVERY.toNanos();
            for (long left = TRY_EVERY.toNanos(); left > 0; left = endNs - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }
    }

    /** Null while it is open. */
    private @Nullable Outcome outcome() throws RefusedException {
        List<GreetResponse> formed =
                answers.values().stream().filter(GreetResponse::getFormed).toList();
        if (formed.isEmpty()) {
            return outcomeAmongNew();
        }
        for (GreetResponse answer : formed) {
            members.learn(answer.getMembersList().stream().map(Addresses::peer).toList());
        }
        if (answers.values().stream().anyMatch(this::hasMetAnother)) {
            return Outcome.JOIN_UNDER_ANOTHER_ID;
        }
        if (formed.stream().allMatch(this::isSame)) {
            // Others were quicker, and count on this node: without it they may have no majority.
            return answers.size() >= needed(configured.size() + 1) ? Outcome.FOUND : null;
        }
        boolean isCounted = formed.stream()
                .flatMap(answer -> answer.getMembersList().stream())
                .anyMatch(member -> member.getId().equals(request.getNodeId()));
        // As one that is counted it may have voted with another directory: any of the others may have met that.
        return !isCounted || answers.size() == configured.size() ? Outcome.JOIN : null;
    }

    private @Nullable Outcome outcomeAmongNew() throws RefusedException {
        List<GreetResponse> agreeing = new ArrayList<>();
        for (GreetResponse answer : answers.values()) {
            if (hasMetAnother(answer)) {
                throw new RefusedException("Node " + request.getNodeId() + " was here before (" + answer.getNodeId()
                        + " has met it), but its data directory is empty, and no node belongs to a cluster yet."
                        + " Restore the directory, or give the node another id in all configurations.");
            }
            if (isSame(answer)) {
                agreeing.add(answer);
            }
        }
        return agreeing.size() >= needed(configured.size() + 1) ? Outcome.FOUND : null;
    }

    private boolean hasMetAnother(GreetResponse answer) {
        return !answer.getKnownIncarnation().equals(request.getIncarnation());
    }

    /** Whether the answering node would found a cluster of the same nodes: two lists would make two majorities. */
    private boolean isSame(GreetResponse answer) {
        return answer.getRestored().equals(request.getRestored()) && hasSameNodes(answer);
    }

    private boolean hasSameNodes(GreetResponse answer) {
        return Set.copyOf(answer.getMembersList()).equals(Set.copyOf(request.getFoundersList()));
    }

    private String waitsFor() {
        Set<String> missing = new TreeSet<>(configured);
        missing.removeAll(answers.keySet());
        Set<String> others = new TreeSet<>();
        Set<String> restored = new TreeSet<>();
        answers.values().stream()
                .filter(answer -> !answer.getFormed() && !isSame(answer))
                .forEach(answer -> (hasSameNodes(answer) ? restored : others).add(answer.getNodeId()));
        return "waiting for more of " + missing + " to answer"
                + (others.isEmpty() ? "" : "; " + others + " have another list of nodes: correct it here or there")
                + (restored.isEmpty() ? "" : "; " + restored + " begin with another state: restore the same on all");
    }

    private void check(GreetResponse answer) throws RefusedException {
        if (!answer.getClusterId().equals(request.getClusterId())) {
            throw new RefusedException("Node " + answer.getNodeId() + " belongs to cluster " + answer.getClusterId()
                    + ", this node " + request.getNodeId() + " to " + request.getClusterId()
                    + "; correct cluster.id of the one that is wrong, or the addresses in nodes.");
        }
        // A version that knows of one only does not say so.
        int shards = Math.max(1, answer.getShards());
        if (shards != request.getShards()) {
            throw new RefusedException(
                    "Node " + answer.getNodeId() + " has a cluster of " + shards + " shards, this node "
                            + request.getNodeId() + " of " + request.getShards()
                            + "; correct shards of the one that is wrong: it is the same at all nodes, and never changes.");
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
        if (answer.getNodeId().equals(request.getNodeId())) {
            return; // the address that this node has now was another's
        }
        if (answer.getClusterId().equals(request.getClusterId())
                && !answer.getFormed()
                && !answer.getNodeId().equals(peer)) {
            LOG.warn("At the address of {} answers {}; correct the addresses in nodes", peer, answer.getNodeId());
            return;
        }
        answers.put(peer, answer);
        notifyAll();
    }
}
