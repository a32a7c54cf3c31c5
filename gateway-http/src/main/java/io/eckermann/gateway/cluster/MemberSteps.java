package io.eckermann.gateway.cluster;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.peers.HostPort;
import io.eckermann.gateway.peers.Members;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.internal.v1.GetStatusResponse;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.Membership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a change of members, on the node that leads. A node that is added gets the log first and votes once it has
 * caught up; a node leaves only when the others can do without it. Of several shards a node comes into the first one first,
 * and leaves it last: so whoever leads any of them is known to all, also when a change was broken off halfway, and is found
 * again by whoever makes the change anew. On the thread of the change.
 */
public final class MemberSteps implements MemberChanges.Steps {
    private static final Logger LOG = LoggerFactory.getLogger(MemberSteps.class);
    private static final long LOOK_AGAIN_MS = 200;

    private final String clusterId;
    private final String self;
    private final List<? extends Raft> rafts;
    private final Raft raft;
    private final PeerTable table;
    private final Function<HostPort, CompletableFuture<GetStatusResponse>> ask;
    private final Supplier<CompletableFuture<Void>> handOn;
    private final Duration patience;

    /** Makes this node the leader of a shard. */
    @FunctionalInterface
    public interface Takeover {
        CompletableFuture<?> lead(int shard);
    }

    /** This node's part in the Raft group of a shard. */
    public interface Raft {
        boolean leads();

        Membership membership();

        /** Fails when the members are not those expected, or a new one does not answer while it is sent the log. */
        CompletableFuture<Void> changeMembers(List<Member> expected, List<Member> wanted);

        /** Completes once a majority has said that this node leads, and its membership is at least as of then. */
        CompletableFuture<Void> linearizable();

        /** Makes one of all that is applied. */
        CompletableFuture<Long> takeSnapshot();
    }

    /**
     * @param rafts of each shard; the first one's members are the cluster's
     * @param ask asks whoever is at an address how it is
     * @param handOn makes another node the leader, if one is ready
     * @param patience how long a node that is waited for may give no sign
     */
    public MemberSteps(
            String clusterId,
            String self,
            List<? extends Raft> rafts,
            PeerTable table,
            Function<HostPort, CompletableFuture<GetStatusResponse>> ask,
            Supplier<CompletableFuture<Void>> handOn,
            Duration patience) {
        this.clusterId = clusterId;
        this.self = self;
        this.rafts = List.copyOf(rafts);
        this.raft = rafts.get(0);
        this.table = table;
        this.ask = ask;
        this.handOn = handOn;
        this.patience = patience;
    }

    /** As {@link #make(ChangeMembersRequest)}, of a node that does not lead all shards yet. */
    public List<String> make(ChangeMembersRequest request, Takeover takeover) throws InterruptedException {
        if (!rafts.stream().allMatch(each -> each.membership().has(self))) {
            // Added to some shards only, it can't lead the others: somebody else has to go on.
            handOn();
        }
        boolean onlyLeaves = request.getAdd().isEmpty() && request.getRemove().equals(self);
        for (int shard = 0; shard < rafts.size() && !onlyLeaves; shard++) {
            try {
                takeover.lead(shard).join();
            } catch (CompletionException e) {
                throw Failures.storeException(e);
            }
        }
        return make(request);
    }

    @Override
    public List<String> make(ChangeMembersRequest request) throws InterruptedException {
        String leaving = request.getRemove();
        if (request.getAdd().isEmpty()) {
            requireMember(leaving);
            remove(leaving, request.getForce());
            return ids();
        }
        Peer added = candidate(request.getAdd(), leaving);
        // Who comes in place of a dead node, at its address, must not get what is sent to that one.
        Member holder = holder(added);
        if (holder != null && !holder.id().equals(leaving)) {
            throw new StoreException(
                            ErrorCode.NODE_REFUSED,
                            "Another member has this address: remove or replace that one first.")
                    .with("member", holder.id());
        }
        if (holder != null) {
            remove(leaving, request.getForce());
        }
        add(added);
        if (!leaving.isEmpty() && raft.membership().has(leaving)) {
            remove(leaving, request.getForce());
        }
        return ids();
    }

    /** That there is no such node is said by who leads for certain: a node may let go of what it has when it hears that. */
    private void requireMember(String id) throws InterruptedException {
        if (raft.membership().has(id)) {
            return;
        }
        try {
            raft.linearizable().get();
        } catch (ExecutionException e) {
            throw new StoreException(ErrorCode.NOT_LEADER, "Whether this node still leads could not be found out.", e);
        }
        requireLeader(raft);
        if (isSettled(raft) && !raft.membership().has(id)) {
            throw new StoreException(ErrorCode.NODE_NOT_FOUND, "There is no such node in this cluster.")
                    .with("node", id);
        }
    }

    private List<String> ids() {
        return raft.membership().members().stream().map(Member::id).toList();
    }

    private @Nullable Member holder(Peer added) {
        return raft.membership().members().stream()
                .filter(member -> !member.id().equals(added.id())
                        && member.raftAddress().equals(added.raft().toString()))
                .findFirst()
                .orElse(null);
    }

    /**
     * Who is at the address, if it can be a member. A node that was emptied answers under the id of the member that it was,
     * until it learns that it was there before.
     */
    private Peer candidate(String address, String leaving) throws InterruptedException {
        HostPort grpc;
        try {
            grpc = HostPort.parse(address);
        } catch (IllegalArgumentException e) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "The address of the node to add is not host:port.")
                    .with("field", "add")
                    .with("add", address);
        }
        GetStatusResponse answer = null;
        for (long endNs = end(); answer == null; answer = answer(grpc)) {
            requireTime(endNs, "Nobody answers at the address: start the node, then ask again.", address);
        }
        for (long endNs = end(); answer == null || answer.getNode().getId().equals(leaving); answer = answer(grpc)) {
            requireTime(endNs, "The node is the one that is to be replaced: start another, or empty it.", address);
            pause();
        }
        if (!answer.getClusterId().equals(clusterId)) {
            throw new StoreException(ErrorCode.NODE_REFUSED, "The node belongs to another cluster.")
                    .with("node", answer.getNode().getId())
                    .with("cluster", answer.getClusterId());
        }
        return peer(answer, grpc);
    }

    private static Peer peer(GetStatusResponse answer, HostPort grpc) {
        return new Peer(
                answer.getNode().getId(),
                HostPort.parse(answer.getNode().getRaftAddress()),
                grpc,
                HostPort.parse(answer.getNode().getHttpAddress()));
    }

    private @Nullable GetStatusResponse answer(HostPort grpc) throws InterruptedException {
        try {
            return ask.apply(grpc).get();
        } catch (ExecutionException e) {
            LOG.debug("Nobody answers at {}: {}", grpc, e.toString());
            pause();
            return null;
        }
    }

    private void add(Peer found) throws InterruptedException {
        Peer added = found;
        for (Raft shard : rafts) {
            added = add(shard, added);
        }
    }

    /** Returns it as it is a member then. */
    private Peer add(Raft raft, Peer found) throws InterruptedException {
        Peer added = found;
        long endNs = end();
        while (!isSettled(raft) || !raft.membership().has(added.id())) {
            requireLeader(raft);
            requireTime(endNs, "The node does not wait to be added: its log says why.", added.id());
            GetStatusResponse answer = answer(added.grpc());
            if (answer == null || !answer.getWaitsToBeAdded() || !isSettled(raft)) {
                pause();
                continue;
            }
            // Who waits has found out under which id.
            added = peer(answer, added.grpc());
            List<Member> now = raft.membership().members();
            List<Member> next = new ArrayList<>(now);
            next.add(Members.member(added));
            LOG.info("Node {} is sent the log, then it becomes a member", added.id());
            if (hasSnapshot(raft) && changed(raft, now, next)) {
                return added;
            }
            pause();
        }
        return added;
    }

    /** Ratis has every new member fetch one first, also when there is none. */
    private static boolean hasSnapshot(Raft raft) throws InterruptedException {
        try {
            raft.takeSnapshot().get();
            return true;
        } catch (ExecutionException e) {
            LOG.info("No snapshot for the new member yet: {}", String.valueOf(e.getCause()));
            return false;
        }
    }

    private void remove(String leaving, String force) throws InterruptedException {
        if (raft.membership().members().size() == 1) {
            throw new StoreException(ErrorCode.MAJORITY_AT_RISK, "The last member can't be removed.");
        }
        if (!force.isEmpty() && !force.equals(clusterId)) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "To force it, the cluster's id must be typed out.")
                    .with("field", "force");
        }
        if (leaving.equals(self)) {
            handOn();
        }
        if (force.isEmpty()) {
            awaitOthers(leaving);
        }
        for (int shard = rafts.size() - 1; shard >= 0; shard--) {
            remove(rafts.get(shard), leaving);
        }
    }

    private void remove(Raft raft, String leaving) throws InterruptedException {
        long endNs = end();
        while (!isSettled(raft) || raft.membership().has(leaving)) {
            requireLeader(raft);
            requireTime(endNs, "The members did not agree on the change in time.", leaving);
            List<Member> now = raft.membership().members();
            if (!isSettled(raft)
                    || !changed(
                            raft,
                            now,
                            now.stream()
                                    .filter(member -> !member.id().equals(leaving))
                                    .toList())) {
                pause();
            }
        }
    }

    /** The next leader does the rest. */
    private void handOn() {
        handOn.get().join();
        throw raft.leads()
                ? new StoreException(ErrorCode.MAJORITY_AT_RISK, "No other node is ready to lead.")
                : new StoreException(ErrorCode.NOT_LEADER, "This node has handed leadership on: the next one does it.");
    }

    /**
     * All others, when the node that leaves is ready itself; a majority of them, when it is not. They are asked now: one that
     * died a moment ago was ready lately, and without both there may be no majority any more.
     */
    private void awaitOthers(String leaving) throws InterruptedException {
        long beganNs = System.nanoTime();
        for (long endNs = end(); ; pause()) {
            table.poll();
            List<String> rest = ids().stream().filter(id -> !id.equals(leaving)).toList();
            long ready = rest.stream()
                    .filter(id -> id.equals(self) || table.isReadySince(id, beganNs))
                    .count();
            int needed = table.isReady(leaving) ? rest.size() : rest.size() / 2 + 1;
            if (ready >= needed) {
                return;
            }
            if (System.nanoTime() - endNs >= 0) {
                throw new StoreException(
                                ErrorCode.MAJORITY_AT_RISK,
                                "Too few of the others are ready; to remove the node all the same, type out the cluster's"
                                        + " id.")
                        .with("ready", ready)
                        .with("needed", needed);
            }
        }
    }

    private static boolean isSettled(Raft raft) {
        return raft.membership().settled();
    }

    private static boolean changed(Raft raft, List<Member> now, List<Member> next) throws InterruptedException {
        try {
            raft.changeMembers(now, next).get();
            return true;
        } catch (ExecutionException e) {
            LOG.info("The change of members is tried again: {}", String.valueOf(e.getCause()));
            return false;
        }
    }

    private static void requireLeader(Raft raft) {
        if (!raft.leads()) {
            throw new StoreException(ErrorCode.NOT_LEADER, "Leadership changed while the members did.");
        }
    }

    private long end() {
        return System.nanoTime() + patience.toNanos();
    }

    private static void requireTime(long endNs, String otherwise, String node) {
        if (System.nanoTime() - endNs >= 0) {
            throw new StoreException(ErrorCode.NOT_READY, otherwise).with("node", node);
        }
    }

    private static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
    }
}
