package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.EventStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Nodes whose disks have spoilt what they hold: the others let one of them go, which is rebuilt, and no more than that. */
class DamagedReplicaTest {
    private static final String VICTIM = "n2";

    @TempDir
    private Path directory;

    @Test
    void oneThatIsDamagedIsLetGoAndComesBackAsAnotherMember() throws Exception {
        try (Cluster cluster = cluster();
                EventStore store = cluster.client(Duration.ofSeconds(60))) {
            cluster.startAll();
            store.topics().create("orders").join();
            try (Producer producer = new Producer(store, "orders", "p1", 4_000, 6_000_000)) {
                Await.until(
                        "there is a closed segment",
                        () -> !closedSegments(cluster).isEmpty());
                stop(cluster, VICTIM);
                spoilIndex(cluster, VICTIM);
                cluster.start(VICTIM);
                cluster.awaitReady(VICTIM);
                List<String> ids = ids(cluster);
                assertThat(ids).hasSize(3).doesNotContain(VICTIM).anyMatch(id -> id.startsWith(VICTIM + "~"));
                assertThat(aside(cluster, VICTIM)).hasSize(1);
                producer.awaitProgress();

                Await.until(
                        "there is a closed segment",
                        () -> !closedSegments(cluster).isEmpty());
                stop(cluster, VICTIM);
                flip(closedSegments(cluster).get(0), 1_000);
                cluster.start(VICTIM);
                cluster.awaitReady(VICTIM);
                assertThat(ids(cluster)).hasSize(3).isNotEqualTo(ids);
                assertThat(aside(cluster, VICTIM)).hasSize(2);

                producer.awaitProgress();
                producer.finish();
                assertThat(producer.refused()).isEmpty();
                History.assertOnAll(cluster, store, "orders", "after damage", producer);
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "chaos.long", matches = "true")
    void ofTwoThatAreDamagedNoneIsLetGoAndBothGoOnWhenTheyAreMended() throws Exception {
        try (Cluster cluster = cluster();
                EventStore store = cluster.client(Duration.ofSeconds(60))) {
            cluster.startAll();
            store.topics().create("orders").join();
            try (Producer producer = new Producer(store, "orders", "p1", 4_000, 6_000_000)) {
                producer.awaitProgress();
                producer.finish();
                for (String id : List.of("n2", "n3")) {
                    stop(cluster, id);
                    spoilIndex(cluster, id);
                }
                for (String id : List.of("n2", "n3")) {
                    NodeProcess node = cluster.start(id);
                    assertThat(node.awaitExit()).as(node.said()).isEqualTo(1);
                    assertThat(node.said()).contains("the others did not remove it");
                    assertThat(cluster.data(id).resolve("aside")).doesNotExist();
                    spoilIndex(cluster, id);
                }
                cluster.start("n2");
                cluster.start("n3");
                cluster.awaitReady();
                assertThat(cluster.node("n2").said()).contains("is whole now");
                assertThat(ids(cluster)).containsExactlyInAnyOrder("n1", "n2", "n3");
                History.assertOnAll(cluster, store, "orders", "after damage to two", producer);
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "chaos.long", matches = "true")
    void twoThatHaveLostAcknowledgedEntriesRefuseAndNothingIsLostWhenTheyAreMended() throws Exception {
        try (Cluster cluster = cluster();
                EventStore store = cluster.client(Duration.ofSeconds(60))) {
            cluster.startAll();
            store.topics().create("orders").join();
            try (Producer producer = new Producer(store, "orders", "p1", 4_000, 6_000_000)) {
                Await.until("a segment is kept", () -> !kept(cluster, "n2").isEmpty());
                producer.awaitProgress();
                producer.finish();
                stop(cluster, "n2");
                stop(cluster, "n3");
                Map<String, Path> lost =
                        Map.of("n2", kept(cluster, "n2").get(0), "n3", lastOfTheLog(cluster.segments("n3")));
                Path away = Files.createDirectory(directory.resolve("away"));
                for (String id : lost.keySet()) {
                    Files.move(lost.get(id), away.resolve(id));
                    cluster.start(id);
                }
                assertRefused(cluster.node("n2"), "kept log is damaged", "is missing, and with it events");
                assertRefused(cluster.node("n3"), "log is damaged", "this node has acknowledged entries up to");
                for (String id : lost.keySet()) {
                    assertThat(cluster.data(id).resolve("aside")).doesNotExist();
                    Files.move(away.resolve(id), lost.get(id));
                    cluster.start(id);
                }
                cluster.awaitReady();
                assertThat(ids(cluster)).containsExactlyInAnyOrder("n1", "n2", "n3");
                History.assertOnAll(cluster, store, "orders", "after losses on two", producer);
            }
        }
    }

    private static void assertRefused(NodeProcess node, String... words) throws Exception {
        assertThat(node.awaitExit()).as(node.said()).isEqualTo(1);
        assertThat(node.said())
                .contains(words)
                .contains("the others did not remove it", "it does not take part with what it has")
                .doesNotContain("it goes on with what it has");
    }

    private static List<Path> kept(Cluster cluster, String id) throws IOException {
        return files(cluster.data(id).resolve("state/kept"), ".*\\.segment");
    }

    private static Path lastOfTheLog(Path segments) throws IOException {
        List<Path> open = files(segments, "log_inprogress_.*");
        List<Path> closed = files(segments, "log_[0-9]+-[0-9]+");
        return open.isEmpty()
                ? closed.stream()
                        .max(Comparator.comparingInt(
                                        (Path file) -> file.toString().length())
                                .thenComparing(Comparator.naturalOrder()))
                        .orElseThrow()
                : open.get(0);
    }

    private Cluster cluster() throws IOException {
        return new Cluster(directory, 3, "raft.segment-size=1MiB", "cluster.join-by-itself=true");
    }

    /** In an orderly way: then its index is in files. */
    private static void stop(Cluster cluster, String id) throws Exception {
        cluster.node(id).terminate();
        assertThat(cluster.node(id).awaitExit()).isZero();
    }

    /** Turns a bit of the first block of each file; done again it turns them back. */
    private static void spoilIndex(Cluster cluster, String id) throws IOException {
        List<Path> files = files(cluster.data(id).resolve("state/db"), ".*\\.sst");
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            flip(file, 8);
        }
    }

    private static List<Path> closedSegments(Cluster cluster) throws IOException {
        return files(cluster.segments(VICTIM), "log_[0-9]+-[0-9]+");
    }

    private static List<Path> aside(Cluster cluster, String id) throws IOException {
        return files(cluster.data(id).resolve("aside"), ".*");
    }

    private static List<Path> files(Path in, String name) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> ids(Cluster cluster) throws InterruptedException {
        return cluster.view("n1").path("nodes").findValuesAsText("id");
    }

    private static void flip(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int value = bytes.read();
            bytes.seek(offset);
            bytes.write(value ^ 4);
        }
    }
}
