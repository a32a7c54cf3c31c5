package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.chaos.Cluster.Start;
import io.eckermann.client.Consistency;
import io.eckermann.client.EventStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that refuses a write ends the node at once and in words; the others go on, and nothing is lost. The disk is
 * broken by a limit on the size of files: what would make one larger fails with EFBIG.
 */
class BrokenDiskTest {
    private static final int EXIT_FAIL_STOP = 70;
    private static final int EVENT_BYTES = 20_000;

    private static final String VICTIM = "n1";
    private static final List<String> SELDOM_STANDS =
            List.of("raft.election-timeout-min=4s", "raft.election-timeout-max=5s");

    @TempDir
    private Path directory;

    @Test
    void failedWriteToTheRaftLogStopsTheFollower() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3)) {
            breakOne(cluster, false, "ulimit -f 6000", "The Raft log could not be written: check the disk.");
        }
    }

    @Test
    void failedWriteToTheRaftLogStopsTheLeader() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3)) {
            breakOne(cluster, true, "ulimit -f 6000", "The Raft log could not be written: check the disk.");
        }
    }

    @Test
    void failedWriteToTheStateStopsTheNode() throws Exception {
        String[] settings = {"raft.segment-size=1MiB", "raft.snapshot-after=8MiB", "raft.entries-kept=1000"};
        try (Cluster cluster = new Cluster(directory, 3, settings)) {
            breakOne(cluster, false, "ulimit -f 4000", "A snapshot of the state could not be made: check the disk.");
        }
    }

    private static void breakOne(Cluster cluster, boolean leads, String limit, String message) throws Exception {
        for (String id : cluster.ids()) {
            boolean stands = id.equals(VICTIM) == leads;
            cluster.start(id, new Start(id.equals(VICTIM) ? limit : "", Map.of(), stands ? List.of() : SELDOM_STANDS));
        }
        cluster.awaitReady();
        NodeProcess broken = cluster.node(VICTIM);
        assertThat(cluster.leader().equals(VICTIM)).isEqualTo(leads);
        try (EventStore store = cluster.client(Duration.ofSeconds(60))) {
            store.topics().create("orders").join();
            try (Producer producer = new Producer(store, "orders", "p1", EVENT_BYTES, 4_000_000)) {
                assertThat(broken.awaitExit()).as(broken.said()).isEqualTo(EXIT_FAIL_STOP);
                List<String> why = broken.said()
                        .lines()
                        .filter(line -> line.contains("Stopping at once"))
                        .toList();
                assertThat(why).as(broken.said()).hasSize(1).allMatch(line -> line.contains(message));
                assertThat(broken.said()).contains("File too large");
                producer.awaitProgress();

                cluster.start(VICTIM);
                cluster.awaitReady();
                producer.awaitProgress();
                producer.finish();
                assertThat(producer.refused()).isEmpty();
                long head = store.topics()
                        .head("orders", Consistency.LINEARIZABLE)
                        .join()
                        .head();
                History.assertOnAll(cluster, "orders", head, VICTIM + " had a broken disk", producer);
            }
        }
    }
}
