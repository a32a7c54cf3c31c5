package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.CompareStatesRequest;
import io.eckermann.protocol.v1.CursorsGrpc;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.StateDigestView;
import io.eckermann.protocol.v1.StateDigestView.Verdict;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.StorageSettings;
import io.eckermann.statemachine.storage.Store;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.storage.StoreReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A replica that holds something else than the others is found, ends, and comes back from the others. Not in every build. */
@EnabledIfSystemProperty(named = "cluster.conviction", matches = "true")
final class StateComparisonTest {
    @TempDir
    Path root;

    @Test
    void alteredReplicaIsConvictedAndComesBackAsAnotherMember() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3, "cluster.join-by-itself=true")) {
            cluster.startAll();
            NodesTest.createTopic(cluster, "n1");
            NodesTest.append(cluster, "n2", "a", "b", "c");
            commit(cluster);
            assertThat(verdicts(cluster, "n1", compare(cluster))).containsOnly(Verdict.AGREES);

            cluster.stop("n3");
            alter(cluster.dataDirectory("n3").resolve("state/db"));
            cluster.start("n3");
            long at = compare(cluster);

            // It is told on by name, says so itself, and ends.
            Await.until(
                    "the others know", () -> verdict(cluster, "n1", "n3", at).equals(Optional.of(Verdict.DIFFERS)));
            assertThat(verdict(cluster, "n1", "n1", at)).contains(Verdict.AGREES);
            assertThat(verdict(cluster, "n1", "n2", at)).contains(Verdict.AGREES);
            Await.until("it ends", () -> !cluster.failStops().isEmpty());
            assertThat(cluster.failStops())
                    .singleElement()
                    .asString()
                    .startsWith("n3: The state of this node differs from that of a majority at entry " + at);
            cluster.stop("n3");

            cluster.start("n3");
            assertThat(NodesTest.read(cluster, "n3")).containsExactly("a", "b", "c");
            Await.until("the new one is in the list", () -> nodes(cluster, "n1").size() == 3);
            assertThat(verdicts(cluster, "n1", compare(cluster))).containsOnly(Verdict.AGREES);
            assertThat(nodes(cluster, "n1").get(2).getId()).startsWith("n3~");
            try (var aside = Files.list(cluster.dataDirectory("n3").resolve("aside"))) {
                assertThat(aside.toList())
                        .singleElement()
                        .satisfies(kept -> assertThat(kept.resolve("state/db")).isNotEmptyDirectory());
            }
            assertThat(cluster.failStops()).hasSize(1);
        }
    }

    private static void commit(TestCluster cluster) {
        assertThat(CursorsGrpc.newBlockingStub(cluster.channel("n1"))
                        .withDeadlineAfter(60, TimeUnit.SECONDS)
                        .commitCursor(CommitCursorRequest.newBuilder()
                                .setTopic("orders")
                                .setConsumer("billing")
                                .setPosition(2)
                                .build())
                        .getPosition())
                .isEqualTo(2);
    }

    /** A consumer's position is another one than was committed, as by a bit that a disk has turned. */
    private static void alter(Path database) throws Exception {
        try (Store store = Store.open(database, StorageSettings.DEFAULTS)) {
            StoreBatch batch = store.batch();
            try (StoreReader rows = store.reader()) {
                rows.ascend(Family.CURSORS, new byte[0], new byte[] {-1}, (key, value) -> {
                    byte[] other = value.clone();
                    other[1] ^= 1;
                    batch.put(Family.CURSORS, key, other);
                    return true;
                });
            }
            batch.commit(store.applied());
            store.flush();
        }
    }

    /** Returns the entry once all nodes have told what they have there. */
    static long compare(TestCluster cluster) throws Exception {
        long at = ClusterGrpc.newBlockingStub(cluster.channel("n2"))
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .compareStates(CompareStatesRequest.getDefaultInstance())
                .getMarks(0)
                .getRaftIndex();
        Await.until(
                "all have told",
                () -> nodes(cluster, "n1").stream()
                        .allMatch(
                                node -> verdict(cluster, "n1", node.getId(), at).isPresent()));
        return at;
    }

    static List<Verdict> verdicts(TestCluster cluster, String asked, long at) {
        return nodes(cluster, asked).stream()
                .map(node -> verdict(cluster, asked, node.getId(), at).orElseThrow())
                .toList();
    }

    private static List<NodeView> nodes(TestCluster cluster, String asked) {
        return cluster.view(asked).getNodesList();
    }

    private static Optional<Verdict> verdict(TestCluster cluster, String asked, String node, long at) {
        return nodes(cluster, asked).stream()
                .filter(each -> each.getId().equals(node))
                .flatMap(each -> each.getDigestsList().stream())
                .filter(digest -> digest.getRaftIndex() == at)
                .map(StateDigestView::getVerdict)
                .findFirst();
    }
}
