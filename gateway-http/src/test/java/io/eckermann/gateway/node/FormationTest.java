package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.v1.NodeView;
import io.eckermann.raftlog.Leadership;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fresh set of nodes forms one cluster, however they start. {@code -Dformation.seed} draws one order again,
 * {@code -Dformation.rounds} draws more of them.
 */
final class FormationTest {
    private static final long SEED = Long.getLong("formation.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("formation.rounds", 1);
    private static final int NODES = 5;
    private static final int DELAY_MS_MAX = 1_500;

    @TempDir
    Path root;

    /** Who led in each term, as any node ever said. */
    private final Map<Long, Set<String>> leaders = new TreeMap<>();

    @Test
    void fiveNodesFormOneClusterInWhateverOrderTheyStartAndWhoeverIsLate() throws Exception {
        for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
            leaders.clear();
            try (TestCluster cluster = new TestCluster(root.resolve("seed" + seed), NODES)) {
                forms(cluster, new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("-Dformation.seed=" + seed, e);
            }
        }
    }

    private void forms(TestCluster cluster, Random random) throws Exception {
        List<String> order = new ArrayList<>(cluster.ids());
        Collections.shuffle(order, random);
        String late = order.remove(0);
        List<CompletableFuture<Void>> starting = new ArrayList<>();
        for (String id : order) {
            starting.add(startLater(cluster, id, random.nextInt(DELAY_MS_MAX)));
        }
        for (CompletableFuture<Void> each : starting) {
            each.get(60, TimeUnit.SECONDS);
        }
        awaitReady(cluster, order);
        NodesTest.createTopic(cluster, order.get(0));
        assertThat(NodesTest.append(cluster, order.get(1), "before").getFirst()).isEqualTo(1);

        refusedInAnotherCluster(cluster, late);
        cluster.start(late);
        awaitReady(cluster, cluster.ids());

        assertThat(NodesTest.append(cluster, late, "after").getFirst()).isEqualTo(2);
        for (String id : cluster.ids()) {
            assertThat(NodesTest.read(cluster, id)).as(id).containsExactly("before", "after");
            assertThat(ids(cluster, id)).as("members, says " + id).isEqualTo(cluster.ids());
            assertThat(cluster.view(id).getClusterId()).isEqualTo("eckermann");
        }
        look(cluster, cluster.ids());
        assertThat(leaders)
                .as("of one cluster no term has two leaders")
                .isNotEmpty()
                .allSatisfy((term, led) -> assertThat(led).hasSize(1));
        assertThat(cluster.failStops()).isEmpty();
    }

    private static CompletableFuture<Void> startLater(TestCluster cluster, String id, int delayMs) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        cluster.startWithoutWaiting(id).get(60, TimeUnit.SECONDS);
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                CompletableFuture.delayedExecutor(delayMs, TimeUnit.MILLISECONDS, task -> new Thread(task).start()));
    }

    /** Looks at who leads, again and again, until all are ready. */
    private void awaitReady(TestCluster cluster, List<String> nodes) throws Exception {
        Await.until(nodes + " are ready", () -> {
            look(cluster, nodes);
            return nodes.stream().allMatch(id -> cluster.node(id).ready().isDone());
        });
    }

    private void look(TestCluster cluster, List<String> nodes) {
        for (String id : nodes) {
            Leadership now = cluster.running(id).log().leadership();
            if (now.leader() != null) {
                leaders.computeIfAbsent(now.term(), any -> new HashSet<>()).add(now.leader());
            }
        }
    }

    /** It teaches the others nothing: else the node that it pretends to be would be taken for one that lost its data. */
    private void refusedInAnotherCluster(TestCluster cluster, String late) throws Exception {
        NodeConfig stray = cluster.config(
                late, "cluster.id=other", "node.data-directory=" + cluster.dataDirectory(late) + "-stray");
        try (Node node = new Node(stray, Clock.systemUTC(), (why, cause) -> {})) {
            assertThatThrownBy(node::start)
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("belongs to cluster eckermann, this node " + late + " to other");
        }
    }

    private static List<String> ids(TestCluster cluster, String asked) {
        return cluster.view(asked).getNodesList().stream().map(NodeView::getId).toList();
    }
}
