package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eckermann.client.EventStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that refuses a write ends the node at once and in words; the others go on, and nothing is lost. The log's disk
 * is broken by a limit on the size of files: what would make one larger fails with EFBIG. The state's is by a directory
 * that is none any more.
 */
class BrokenDiskTest {
    private static final int EXIT_FAIL_STOP = 70;
    private static final int EVENT_BYTES = 10_000;
    private static final String LOG_FAILED = "The Raft log could not be written: check the disk.";
    /** Whoever comes first says it: the thread of the snapshot, or the one that applies the next entry. */
    private static final String SNAPSHOT_FAILED =
            "A snapshot of the state could not be made|The state could not be written at";

    @TempDir
    private Path directory;

    @BeforeAll
    static void requirePrlimit() {
        assumeTrue(
                Files.isExecutable(NodeProcess.PRLIMIT), NodeProcess.PRLIMIT + " is not there: no limits can be set");
    }

    /** What is wrong with a node's disk. */
    private interface Fault {
        void begin(Cluster cluster, String victim) throws Exception;

        void end(Cluster cluster, String victim) throws Exception;
    }

    private record FilesLimited(int bytesMax) implements Fault {
        @Override
        public void begin(Cluster cluster, String victim) throws Exception {
            cluster.node(victim).limitFiles(bytesMax);
        }

        @Override
        public void end(Cluster cluster, String victim) {}
    }

    /** The directory of kept segments is no directory any more. */
    private record DirectoryGone() implements Fault {
        @Override
        public void begin(Cluster cluster, String victim) throws Exception {
            Path kept = cluster.data(victim).resolve("state/kept");
            Files.move(kept, kept.resolveSibling("away"));
            Files.createFile(kept);
        }

        @Override
        public void end(Cluster cluster, String victim) throws Exception {
            Path kept = cluster.data(victim).resolve("state/kept");
            Files.delete(kept);
            Files.move(kept.resolveSibling("away"), kept);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "chaos.long", matches = "true")
    void failedWriteToTheRaftLogStopsTheFollower() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3)) {
            breakOne(cluster, false, new FilesLimited(6 << 20), LOG_FAILED, "File too large");
        }
    }

    @Test
    void failedWriteToTheRaftLogStopsTheLeader() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3)) {
            breakOne(cluster, true, new FilesLimited(6 << 20), LOG_FAILED, "File too large");
        }
    }

    @Test
    void failedWriteToTheStateStopsTheNode() throws Exception {
        String[] settings = {"raft.segment-size=1MiB", "raft.snapshot-after=5MiB", "raft.entries-kept=1000"};
        try (Cluster cluster = new Cluster(directory, 3, settings)) {
            breakOne(cluster, false, new DirectoryGone(), SNAPSHOT_FAILED, "Not a directory");
        }
    }

    private static void breakOne(Cluster cluster, boolean leads, Fault fault, String message, String cause)
            throws Exception {
        cluster.startAll();
        String victim = leads ? cluster.leader() : cluster.follower();
        NodeProcess broken = cluster.node(victim);
        fault.begin(cluster, victim);
        try (EventStore store = cluster.client(Duration.ofSeconds(60))) {
            store.topics().create("orders").join();
            try (Producer producer = new Producer(store, "orders", "p1", EVENT_BYTES, 5_000_000)) {
                assertThat(broken.awaitExit()).as(broken.said()).isEqualTo(EXIT_FAIL_STOP);
                List<String> why = broken.said()
                        .lines()
                        .filter(line -> line.contains("Stopping at once"))
                        .toList();
                assertThat(why).as(broken.said()).hasSize(1).allMatch(line -> line.matches(".*(" + message + ").*"));
                assertThat(broken.said()).contains(cause);
                producer.awaitProgress();

                fault.end(cluster, victim);
                cluster.start(victim);
                cluster.awaitReady();
                producer.awaitProgress();
                producer.finish();
                assertThat(producer.refused()).isEmpty();
                History.assertOnAll(cluster, store, "orders", victim + " had a broken disk", producer);
            }
        }
    }
}
