package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.chaos.Script.Ended;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** By the command line nodes are drained, handed leadership, and removed although too few of the others are ready. */
@EnabledIfSystemProperty(named = "chaos.members", matches = "true")
class ForcedRemovalTest {
    private static final int CONFLICT = 4;
    private static final int NOT_FOUND = 3;
    private static final int UNAVAILABLE = 5;

    @TempDir
    private Path directory;

    @Test
    void deadNodeIsForcedOutByTheClustersIdAloneAndStaysOut() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3);
                EventStore store = cluster.client(Duration.ofSeconds(60))) {
            cluster.startAll();
            store.topics().create("orders").join();
            cluster.kill("n3");
            assertThat(store.append("orders", Event.of("1")).join().first()).isEqualTo(1);
            Ended wrong = run(cluster, "remove", "n3", "--force", "yes");
            assertThat(wrong.exitCode()).isNotZero();
            assertThat(wrong.err())
                    .contains("the cluster's id must be typed out")
                    .hasLineCount(1);
            assertThat(ok(cluster, "remove", "n3", "--force", "eckermann")).contains("members: n1, n2");

            assertThat(ok(cluster, "remove", "n2", "--force", "eckermann")).contains("members: n1");
            assertThat(cluster.node("n2").awaitExit()).isZero();
            Ended last = run(cluster, "remove", "n1", "--force", "eckermann");
            assertThat(last.exitCode()).isEqualTo(CONFLICT);
            assertThat(last.err()).contains("The last member can't be removed.").hasLineCount(1);
            assertThat(store.append("orders", Event.of("2")).join().first()).isEqualTo(2);

            cluster.start("n3");
            cluster.node("n3").awaitExit();
            assertThat(cluster.node("n3").said()).contains("was removed");
        }
    }

    private void leadershipGoesAsItIsTold(Cluster cluster) throws Exception {
        String first = cluster.leader();
        assertThat(ok(cluster, "drain", first)).contains("leads").doesNotContain(first + " leads");
        Await.until("all have heard of it", () -> ok(cluster, "status").contains("not ready: draining"));
        ok(cluster, "resume", first);
        Await.until(
                "it can be handed leadership",
                () -> cluster.view(first).path("nodes").findValuesAsText("ready").stream()
                                .filter("true"::equals)
                                .count()
                        == 3);
        assertThat(ok(cluster, "transfer", first)).isEqualTo(first + " leads\n");
        assertThat(run(cluster, "transfer", "n9").exitCode()).isEqualTo(NOT_FOUND);
    }

    /** Takes the half minute that nodes are given to come back. */
    @Test
    void whatWouldLoseTheMajorityIsRefusedUnlessForcedAndWhenItIsLostNothingHelps() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3)) {
            cluster.startAll();
            leadershipGoesAsItIsTold(cluster);

            cluster.kill("n3");
            Ended refused = run(cluster, "remove", "n2");
            assertThat(refused.exitCode()).as(refused.err()).isEqualTo(CONFLICT);
            assertThat(refused.err())
                    .contains("Too few of the others are ready; to remove the node all the same, type out")
                    .hasLineCount(1);
            assertThat(cluster.view("n1").path("nodes")).hasSize(3);

            cluster.kill("n2");
            long begunNs = System.nanoTime();
            Ended lost = run(cluster, "remove", "n3", "--force", "eckermann");
            assertThat(lost.exitCode()).as(lost.err()).isEqualTo(UNAVAILABLE);
            assertThat(lost.err()).contains("a majority of nodes must be up").hasLineCount(1);
            assertThat(Duration.ofNanos(System.nanoTime() - begunNs)).isLessThan(Duration.ofSeconds(90));
            Ended status = run(cluster, "status");
            assertThat(status.exitCode()).isEqualTo(UNAVAILABLE);
            assertThat(status.out() + status.err()).contains("cut off").contains("unreachable");
        }
    }

    private String ok(Cluster cluster, String... command) throws Exception {
        Ended ended = run(cluster, command);
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        return ended.out();
    }

    private Ended run(Cluster cluster, String... command) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("cluster"));
        arguments.addAll(List.of(command));
        arguments.addAll(List.of("--endpoints", cluster.endpoints()));
        return new Script(directory).run(arguments.toArray(String[]::new));
    }
}
