package io.eckermann.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.gateway.peers.HostPort;
import io.eckermann.gateway.peers.Members;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.protocol.internal.v1.GetStatusResponse;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.Membership;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A cluster of n1, which leads, n2 and n3, of which the test says how they are. */
final class MemberStepsTest {
    private final List<Peer> peers = new ArrayList<>(List.of(peer("n1", 1), peer("n2", 2), peer("n3", 3)));
    private final Map<String, GetStatusResponse> answers = new HashMap<>();
    /** What is answered once, before that. */
    private final Map<String, GetStatusResponse> earlier = new HashMap<>();

    private Duration patience = Duration.ofMillis(1);
    private final List<List<String>> changes = new ArrayList<>();
    private final FakeRaft raft = new FakeRaft();
    private List<FakeRaft> shards = List.of(raft);
    private final PeerTable table = new PeerTable("blue", () -> peers.subList(1, 3), this::ask, Clock.systemUTC());

    private final class FakeRaft implements MemberSteps.Raft {
        private List<Member> members = peers.stream().map(Members::member).toList();
        private boolean leads = true;
        /** Another node leads, and this one has not heard of it. */
        private boolean deposed;

        @Override
        public boolean leads() {
            return leads;
        }

        @Override
        public Membership membership() {
            return new Membership(members, 7, true);
        }

        @Override
        public CompletableFuture<Void> changeMembers(List<Member> expected, List<Member> wanted) {
            assertThat(expected).isEqualTo(members);
            members = wanted;
            changes.add(wanted.stream().map(Member::id).toList());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> linearizable() {
            leads &= !deposed;
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Long> takeSnapshot() {
            return CompletableFuture.completedFuture(9L);
        }
    }

    private static Peer peer(String id, int port) {
        return new Peer(
                id,
                new HostPort("raft-" + port, port),
                new HostPort("grpc-" + port, port),
                new HostPort("http-" + port, port));
    }

    private CompletableFuture<GetStatusResponse> ask(String key) {
        GetStatusResponse early = earlier.remove(key);
        GetStatusResponse answer = early == null ? answers.get(key) : early;
        return answer == null
                ? CompletableFuture.failedFuture(new IOException("down"))
                : CompletableFuture.completedFuture(answer);
    }

    private GetStatusResponse status(Peer node, boolean ready, boolean waits) {
        return GetStatusResponse.newBuilder()
                .setClusterId("blue")
                .setWaitsToBeAdded(waits)
                .setNode(NodeView.newBuilder()
                        .setId(node.id())
                        .setReady(ready)
                        .setRaftAddress(node.raft().toString())
                        .setHttpAddress(node.http().toString()))
                .build();
    }

    private void ready(String... ids) {
        for (String id : ids) {
            answers.put(id, status(peer(id, 9), true, false));
        }
        table.poll();
    }

    private String waiting(Peer node) {
        answers.put(node.grpc().toString(), status(node, false, true));
        return node.grpc().toString();
    }

    private List<String> make(ChangeMembersRequest.Builder request) throws InterruptedException {
        return steps().make(request.build());
    }

    private MemberSteps steps() {
        return new MemberSteps(
                "blue",
                "n1",
                shards,
                table,
                address -> ask(address.toString()),
                () -> {
                    raft.leads = false;
                    return CompletableFuture.completedFuture(null);
                },
                patience);
    }

    private static List<String> ids(FakeRaft shard) {
        return shard.members.stream().map(Member::id).toList();
    }

    private static ChangeMembersRequest.Builder remove(String id) {
        return ChangeMembersRequest.newBuilder().setRemove(id);
    }

    @Test
    void emptiedNodeIsTakenInUnderTheIdThatItWaitsWith() throws Exception {
        ready("n2", "n3");
        patience = Duration.ofSeconds(20);
        String address = waiting(peer("n4~1", 4));
        earlier.put(address, status(peer("n4", 4), false, false));
        assertThat(make(ChangeMembersRequest.newBuilder().setAdd(address))).containsExactly("n1", "n2", "n3", "n4~1");
        assertThat(changes).containsExactly(List.of("n1", "n2", "n3", "n4~1"));
    }

    @Test
    void emptiedNodeComesInItsOwnPlaceAlsoWhenItAnswersUnderTheOldIdAtFirst() throws Exception {
        ready("n2");
        patience = Duration.ofSeconds(20);
        String address = waiting(peer("n3~1", 3));
        earlier.put(address, status(peer("n3", 3), false, false));
        assertThat(make(ChangeMembersRequest.newBuilder().setAdd(address).setRemove("n3")))
                .containsExactly("n1", "n2", "n3~1");
        assertThat(changes).containsExactly(List.of("n1", "n2"), List.of("n1", "n2", "n3~1"));
    }

    @Test
    void readyNodeLeavesWhenAllOthersAreReady() throws Exception {
        ready("n2", "n3");
        assertThat(make(remove("n2"))).containsExactly("n1", "n3");
    }

    @Test
    void readyNodeStaysWhenAnotherIsDown() {
        ready("n2");
        assertThatThrownBy(() -> make(remove("n2")))
                .hasMessageContaining("type out the cluster's id")
                .hasToString(
                        "MAJORITY_AT_RISK: Too few of the others are ready; to remove the node all the same, type out"
                                + " the cluster's id. {needed=2, ready=1}");
        assertThat(changes).isEmpty();
    }

    @Test
    void readyNodeStaysWhenAnotherDiedAMomentAgo() {
        ready("n2", "n3");
        answers.remove("n3");
        assertThat(table.isReady("n3")).isTrue();
        assertThatThrownBy(() -> make(remove("n2"))).hasMessageContaining("Too few of the others are ready");
        assertThat(changes).isEmpty();
    }

    @Test
    void deadNodeLeavesWhenAMajorityOfTheOthersIsReady() throws Exception {
        ready("n2");
        assertThat(make(remove("n3"))).containsExactly("n1", "n2");
    }

    @Test
    void nodeIsForcedOutByTheClustersIdAlone() throws Exception {
        assertThatThrownBy(() -> make(remove("n2").setForce("yes"))).hasMessageContaining("must be typed out");
        assertThat(make(remove("n2").setForce("blue"))).containsExactly("n1", "n3");
    }

    @Test
    void nodeThatLeadsHandsOnFirstAndLeavesTheRestToTheNext() {
        ready("n2", "n3");
        assertThatThrownBy(() -> make(remove("n1"))).hasMessageContaining("handed leadership on");
        assertThat(changes).isEmpty();
    }

    @Test
    void nodeIsAddedOnceItWaitsForThat() throws Exception {
        Peer fourth = peer("n4", 4);
        assertThatThrownBy(() -> make(ChangeMembersRequest.newBuilder().setAdd("grpc-4:4")))
                .hasMessageContaining("Nobody answers");
        patience = Duration.ofSeconds(20);
        assertThat(make(ChangeMembersRequest.newBuilder().setAdd(waiting(fourth))))
                .containsExactly("n1", "n2", "n3", "n4");
    }

    @Test
    void deadNodeIsRemovedBeforeAnotherTakesItsAddress() throws Exception {
        ready("n2");
        String address = waiting(peer("n3~1", 3));
        assertThatThrownBy(() -> make(ChangeMembersRequest.newBuilder().setAdd(address)))
                .hasMessageContaining("Another member has this address");

        assertThat(make(remove("n3").setAdd(address))).containsExactly("n1", "n2", "n3~1");
        assertThat(changes).containsExactly(List.of("n1", "n2"), List.of("n1", "n2", "n3~1"));
    }

    @Test
    void nodeElsewhereIsAddedBeforeTheOneThatItReplacesLeaves() throws Exception {
        ready("n2", "n3");
        Peer fourth = peer("n4", 4);
        answers.put("n4", status(fourth, true, false));
        peers.set(1, fourth);
        table.poll();

        assertThat(make(remove("n2").setAdd(waiting(fourth)))).containsExactly("n1", "n3", "n4");
        assertThat(changes).containsExactly(List.of("n1", "n2", "n3", "n4"), List.of("n1", "n3", "n4"));
    }

    @Test
    void nodeComesIntoTheFirstShardFirstAndLeavesItLastAlsoWhenThatBreaksOff() throws Exception {
        ready("n2", "n3");
        patience = Duration.ofSeconds(20);
        FakeRaft second = new FakeRaft();
        shards = List.of(raft, second);
        ChangeMembersRequest.Builder add = ChangeMembersRequest.newBuilder().setAdd(waiting(peer("n4", 4)));
        second.leads = false;
        assertThatThrownBy(() -> make(add)).hasMessageContaining("Leadership changed");
        assertThat(ids(raft)).containsExactly("n1", "n2", "n3", "n4");
        assertThat(ids(second)).containsExactly("n1", "n2", "n3");
        second.leads = true;
        assertThat(make(add)).containsExactly("n1", "n2", "n3", "n4");
        assertThat(ids(second)).containsExactly("n1", "n2", "n3", "n4");

        ChangeMembersRequest.Builder out = remove("n4").setForce("blue");
        raft.leads = false;
        assertThatThrownBy(() -> make(out)).hasMessageContaining("Leadership changed");
        assertThat(ids(raft)).containsExactly("n1", "n2", "n3", "n4");
        assertThat(ids(second)).containsExactly("n1", "n2", "n3");
        raft.leads = true;
        assertThat(make(out)).containsExactly("n1", "n2", "n3");
        assertThat(changes).hasSize(4);
    }

    @Test
    void nodeThatIsInSomeShardsOnlyLeavesTheChangeToAnother() {
        FakeRaft second = new FakeRaft();
        second.members = second.members.subList(1, 3);
        shards = List.of(raft, second);
        ChangeMembersRequest add =
                ChangeMembersRequest.newBuilder().setAdd(waiting(peer("n1", 1))).build();
        assertThatThrownBy(() -> steps().make(add, shard -> {
                    throw new AssertionError("it can't lead shard " + shard);
                }))
                .hasMessageContaining("handed leadership on");
        assertThat(changes).isEmpty();
    }

    @Test
    void nodeOfAnotherClusterIsRefused() {
        Peer stranger = peer("n4", 4);
        answers.put(
                stranger.grpc().toString(),
                status(stranger, true, false).toBuilder().setClusterId("red").build());
        assertThatThrownBy(() -> make(
                        ChangeMembersRequest.newBuilder().setAdd(stranger.grpc().toString())))
                .hasMessageContaining("another cluster");
    }

    @Test
    void onlyWhoLeadsForCertainSaysThatThereIsNoSuchNode() {
        assertThatThrownBy(() -> make(remove("n7"))).hasMessageContaining("no such node");
        raft.deposed = true;
        assertThatThrownBy(() -> make(remove("n7"))).hasMessageContaining("Leadership changed");
    }
}
