package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.peers.Members;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.raftlog.Leadership;
import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.ratis.RatisLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node is added to the first shard, and the entry that adds it to the second goes with the leader that wrote it. Not in
 * every build, as it takes long: -Dshards.members=true.
 */
@EnabledIfSystemProperty(named = "shards.members", matches = "true")
final class HalfAddedTest {
    private static final String BY_ITSELF = "cluster.join-by-itself=true";
    /** Who leads alone goes on leading until the entry has got to the node that is added. */
    private static final String PATIENT_LEADER = "raft.election-timeout-max=6s";

    private static final String PATIENT_FOLLOWERS = "raft.election-timeout-min=3s";
    private static final int SECOND = 1;
    private static final long TRANSFER_EVERY_NS = TimeUnit.SECONDS.toNanos(10);

    @TempDir
    Path root;

    @Test
    void whoIsAddedToOneShardOnlyIsAddedToTheOthersByTheNextLeader() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 4, "shards=2", PATIENT_LEADER, PATIENT_FOLLOWERS)) {
            halfAdded(cluster);

            cluster.stop("n4");
            cluster.startWith("n4", BY_ITSELF).get(60, TimeUnit.SECONDS);

            cluster.node("n4").ready().get(60, TimeUnit.SECONDS);
            assertThat(ids(cluster)).contains("n4");
        }
    }

    @Test
    void whoIsToldThatItIsNoMemberOfOneShardLeavesTheOthersAndComesBackWithNothing() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 4, "shards=2", PATIENT_LEADER, PATIENT_FOLLOWERS)) {
            halfAdded(cluster);
            // Leaders' first entries tell who the members are; sooner or later one lies behind all that n4 has.
            long[] transferredNs = {System.nanoTime() - TRANSFER_EVERY_NS};
            Await.until("n4 ends, to begin anew", () -> {
                if (cluster.failStops().isEmpty() && System.nanoTime() - transferredNs[0] >= TRANSFER_EVERY_NS) {
                    transfer(cluster);
                    transferredNs[0] = System.nanoTime();
                }
                return !cluster.failStops().isEmpty();
            });
            assertThat(cluster.failStops())
                    .allMatch(why -> why.startsWith("n4: This node was added to some shards only"));
            cluster.stop("n4");
            cluster.startWith("n4", BY_ITSELF).get(60, TimeUnit.SECONDS);

            cluster.node("n4").ready().get(60, TimeUnit.SECONDS);
            assertThat(ids(cluster)).doesNotContain("n4").anyMatch(id -> id.startsWith("n4~"));
            assertThat(cluster.failStops()).hasSize(1);
        }
    }

    /** Leaves n1 stopped. */
    private static void halfAdded(TestCluster cluster) throws Exception {
        String founders = cluster.nodes("n1", "n2", "n3");
        List<CompletableFuture<Void>> starting = new ArrayList<>();
        for (String id : List.of("n1", "n2", "n3")) {
            starting.add(cluster.startWith(id, founders));
        }
        for (CompletableFuture<Void> each : starting) {
            each.get(60, TimeUnit.SECONDS);
        }
        for (String id : List.of("n1", "n2", "n3")) {
            cluster.node(id).ready().get(60, TimeUnit.SECONDS);
        }
        cluster.startWith("n4").get(60, TimeUnit.SECONDS);
        for (int shard = 0; shard <= SECOND; shard++) {
            lead(cluster, "n1", shard);
        }
        add(cluster, 0).get(60, TimeUnit.SECONDS);

        CompletableFuture<Void> cutOff = addAlone(cluster);
        while (!hasEntry(cluster)) {
            // Who leads nobody for long leads no more.
            cluster.start("n2", "n3");
            lead(cluster, "n1", SECOND);
            cutOff = addAlone(cluster);
        }
        cluster.stop("n1");
        assertThat(cutOff).isCompletedExceptionally();
        cluster.start("n2", "n3");
        assertThat(log(cluster, "n2", SECOND).membership().has("n4")).isFalse();
    }

    /** With nobody who could commit it; n4 has the entry, or n1 has given up. */
    private static CompletableFuture<Void> addAlone(TestCluster cluster) throws Exception {
        cluster.stop("n2");
        cluster.stop("n3");
        CompletableFuture<Void> added = add(cluster, SECOND);
        Await.until("n4 has the entry, or gets none", () -> hasEntry(cluster) || added.isDone());
        return added;
    }

    private static boolean hasEntry(TestCluster cluster) {
        return log(cluster, "n4", SECOND).membership().has("n4");
    }

    private static CompletableFuture<Void> add(TestCluster cluster, int shard) throws Exception {
        RatisLog leader = log(cluster, "n1", shard);
        List<Member> now = leader.membership().members();
        List<Member> next = new ArrayList<>(now);
        next.add(Members.member(cluster.config("n4").self()));
        leader.takeSnapshot().get(60, TimeUnit.SECONDS);
        return leader.changeMembers(now, next);
    }

    private static void lead(TestCluster cluster, String to, int shard) throws Exception {
        Await.until(to + " leads shard " + shard, () -> {
            for (String id : List.of("n1", "n2", "n3")) {
                if (!id.equals(to) && leads(cluster, id, shard)) {
                    log(cluster, id, shard).transferLeadership(to).get(60, TimeUnit.SECONDS);
                }
            }
            return leads(cluster, to, shard);
        });
    }

    private static void transfer(TestCluster cluster) throws Exception {
        Await.until("one of two leads", () -> leads(cluster, "n2", SECOND) || leads(cluster, "n3", SECOND));
        String from = leads(cluster, "n2", SECOND) ? "n2" : "n3";
        log(cluster, from, SECOND)
                .transferLeadership(from.equals("n2") ? "n3" : "n2")
                .get(60, TimeUnit.SECONDS);
    }

    private static boolean leads(TestCluster cluster, String id, int shard) {
        return log(cluster, id, shard).leadership().role() == Leadership.Role.LEADER;
    }

    private static RatisLog log(TestCluster cluster, String id, int shard) {
        return cluster.running(id).logs().get(shard);
    }

    private static List<String> ids(TestCluster cluster) {
        return cluster.view("n2").getNodesList().stream().map(NodeView::getId).toList();
    }
}
