package io.eckermann.client;

import io.eckermann.client.transport.Calls;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.protocol.v1.DrainRequest;
import io.eckermann.protocol.v1.ScrubRequest;
import io.eckermann.protocol.v1.StateMark;
import io.eckermann.protocol.v1.TransferLeadershipRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What operators do with a cluster's nodes. A change of members may take long: it goes on when the wait for it ends with
 * COMMIT_TIMED_OUT, and the same call again waits for it. Any thread may call.
 */
public final class Nodes {
    private final Calls calls;

    Nodes(Calls calls) {
        this.calls = calls;
    }

    /**
     * Hands leadership on; completes with the id of who leads then.
     *
     * @param node its id; empty for the one of the ready nodes that has got furthest
     */
    public CompletableFuture<String> transferLeadership(String node) {
        TransferLeadershipRequest request =
                TransferLeadershipRequest.newBuilder().setNode(node).build();
        return Failures.mapped(calls.transferLeadership(request), done -> done.getLeader());
    }

    /**
     * Prepares a node for being stopped: it says that it is not ready, and does not lead any more if another can. It goes
     * on answering.
     *
     * @return the id of who leads then; empty when nobody does
     */
    public CompletableFuture<String> drain(String node) {
        return drain(node, false);
    }

    /** Takes {@link #drain(String)} back. */
    public CompletableFuture<String> resume(String node) {
        return drain(node, true);
    }

    private CompletableFuture<String> drain(String node, boolean resume) {
        DrainRequest request =
                DrainRequest.newBuilder().setNode(node).setResume(resume).build();
        return Failures.mapped(calls.drain(request), done -> done.getLeader());
    }

    /**
     * Has nodes read through what they keep now, and mend what is damaged.
     *
     * @param node its id; empty for all
     * @return the nodes that began
     */
    public CompletableFuture<List<String>> startScrubbing(String node) {
        return scrub(node, false);
    }

    /** Has nodes, as {@link #startScrubbing}, leave that alone until they are told to start. */
    public CompletableFuture<List<String>> stopScrubbing(String node) {
        return scrub(node, true);
    }

    private CompletableFuture<List<String>> scrub(String node, boolean stop) {
        ScrubRequest request =
                ScrubRequest.newBuilder().setNode(node).setStop(stop).build();
        return Failures.mapped(calls.scrub(request), done -> List.copyOf(done.getNodesList()));
    }

    /**
     * Has all nodes compare their states; {@link EventStore#cluster} shows what they found, once they have.
     *
     * @return for each shard, by number, the entry of its log at which they look
     */
    public CompletableFuture<List<Long>> compareStates() {
        return Failures.mapped(
                calls.compareStates(),
                done -> done.getMarksList().stream()
                        .map(StateMark::getRaftIndex)
                        .toList());
    }

    /**
     * Adds a node that waits for it; completes with the ids of all members once it votes.
     *
     * @param address host:port of its gRPC door
     * @param wait for how much longer than the request timeout it may take
     */
    public CompletableFuture<List<String>> add(String address, Duration wait) {
        return change(ChangeMembersRequest.newBuilder().setAdd(address), wait);
    }

    /**
     * Removes a node, which then stops. Refused with MAJORITY_AT_RISK when too few of the others are ready.
     *
     * @param force the cluster's id, to do it all the same; else empty
     */
    public CompletableFuture<List<String>> remove(String node, String force, Duration wait) {
        return change(ChangeMembersRequest.newBuilder().setRemove(node).setForce(force), wait);
    }

    /** Puts a node that waits to be added in the place of another, as {@link #add} and {@link #remove} do. */
    public CompletableFuture<List<String>> replace(String node, String address, String force, Duration wait) {
        return change(
                ChangeMembersRequest.newBuilder()
                        .setAdd(address)
                        .setRemove(node)
                        .setForce(force),
                wait);
    }

    private CompletableFuture<List<String>> change(ChangeMembersRequest.Builder request, Duration wait) {
        return Failures.mapped(calls.changeMembers(request.build(), wait), done -> List.copyOf(done.getMembersList()));
    }
}
