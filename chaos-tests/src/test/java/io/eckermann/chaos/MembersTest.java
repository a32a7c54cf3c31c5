package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.EventStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes come and go under load, by themselves, by the client and by the command line: one becomes three, five, and three again, a wiped
 * one comes back, and one takes another's place. Takes minutes.
 */
@EnabledIfSystemProperty(named = "chaos.members", matches = "true")
class MembersTest {
    private static final Duration WAIT = Duration.ofMinutes(2);
    private static final String SMALL_SEGMENTS = "raft.segment-size=1MiB";
    private static final String EARLY_SNAPSHOTS = "raft.snapshot-after=2MiB";

    @TempDir
    private Path directory;

    @Test
    void oneBecomesThreeThenFiveThenThreeUnderLoad() throws Exception {
        try (Cluster cluster = new Cluster(directory, 5, SMALL_SEGMENTS, EARLY_SNAPSHOTS, "raft.entries-kept=200");
                EventStore store = EventStore.builder()
                        .endpoints(cluster.grpc("n1"))
                        .requestTimeout(Duration.ofSeconds(60))
                        .build()) {
            cluster.start("n1", Map.of(), List.of(cluster.nodes("n1")));
            cluster.awaitReady();
            store.topics().create("orders").join();
            store.topics().create("single").join();
            try (Producer orders = new Producer(store, "orders", "p1", 2_000, 1_000_000);
                    Requests requests = new Requests(store, "single")) {
                orders.awaitProgress();

                joins(cluster, "n2", "n1", "n2");
                orders.awaitProgress();
                added(cluster, store, "n3", "n1", "n2", "n3");
                orders.awaitProgress();
                joins(cluster, "n4", "n1", "n2", "n3", "n4");
                cluster.start("n5", Map.of(), List.of(cluster.nodes("n1", "n2", "n3", "n4", "n5")));
                assertThat(changed(cluster, "add", cluster.grpc("n5"))).contains("n5");
                cluster.awaitReady("n5");
                orders.awaitProgress();

                // Those go that were there first, the leader too.
                assertThat(store.nodes().remove("n1", "", WAIT).join()).containsExactly("n2", "n3", "n4", "n5");
                assertThat(cluster.node("n1").awaitExit()).isZero();
                orders.awaitProgress();
                assertThat(changed(cluster, "remove", "n2")).doesNotContain("n2");
                assertThat(cluster.node("n2").awaitExit()).isZero();
                orders.awaitProgress();

                wipedComesBack(cluster, "n4");
                orders.awaitProgress();

                // An emptied node takes the place of one that is well, and has been here before.
                cluster.empty("n2");
                cluster.start("n2", Map.of(), List.of());
                assertThat(changed(cluster, "replace", "n5", cluster.grpc("n2")))
                        .contains("n2~")
                        .doesNotContain("n5");
                cluster.awaitReady("n2");
                assertThat(cluster.node("n5").awaitExit()).isZero();
                orders.awaitProgress();

                requests.finish();
                orders.finish();
                System.err.println(requests + "; " + orders);
                assertThat(requests.failures()).isEmpty();
                assertThat(orders.refused()).isEmpty();
                History.assertOn(cluster, List.of("n2", "n3", "n4"), store, "orders", "after changes", orders);
            }
            cluster.start("n1", Map.of(), List.of(cluster.nodes("n1")));
            assertThat(cluster.node("n1").awaitExit()).as("it was removed").isNotZero();
            assertThat(cluster.node("n1").said()).contains("was removed from the cluster");
        }
    }

    /** It finds the cluster among its nodes, and has itself added. */
    private static void joins(Cluster cluster, String id, String... nodes) throws Exception {
        cluster.start(id, Map.of(), List.of(cluster.nodes(nodes), "cluster.join-by-itself=true"));
        cluster.awaitReady(id);
    }

    /** By the command line, which says who the members are then. */
    private String changed(Cluster cluster, String... change) throws Exception {
        List<String> command = new ArrayList<>(List.of("cluster"));
        command.addAll(List.of(change));
        command.addAll(List.of("--endpoints", cluster.grpc("n3")));
        Script.Ended ended = new Script(directory).run(command.toArray(String[]::new));
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        return ended.out();
    }

    private static void added(Cluster cluster, EventStore store, String id, String... nodes) throws Exception {
        cluster.start(id, Map.of(), List.of(cluster.nodes(nodes)));
        assertThat(store.nodes().add(cluster.grpc(id), WAIT).join()).containsExactly(nodes);
        cluster.awaitReady(id);
    }

    private static void wipedComesBack(Cluster cluster, String id) throws Exception {
        cluster.kill(id);
        cluster.empty(id);
        cluster.start(id, Map.of(), List.of("cluster.join-by-itself=true"));
        cluster.awaitReady(id);
        List<String> ids = cluster.view("n3").path("nodes").findValuesAsText("id");
        assertThat(ids).hasSize(3).doesNotContain(id).anyMatch(each -> each.startsWith(id + "~"));
    }
}
