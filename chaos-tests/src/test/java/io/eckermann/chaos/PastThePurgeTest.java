package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.EventStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A node that was down for longer than the log is kept comes back by a snapshot, however often that is cut off. */
@EnabledIfSystemProperty(named = "chaos.long", matches = "true")
class PastThePurgeTest {
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime() % 1_000_000);
    private static final int ROUNDS = Integer.getInteger("chaos.rounds", 1);
    private static final String VICTIM = "n3";

    @TempDir
    private Path directory;

    private final StringBuilder schedule = new StringBuilder("seed " + SEED + ":");

    @Test
    void nodeComesBackBySnapshotAlsoWhenItIsKilledWhileInstallingIt() throws Exception {
        Random random = new Random(SEED);
        try (Cluster cluster = new Cluster(
                        directory, 3, "raft.segment-size=1MiB", "raft.snapshot-after=2MiB", "raft.entries-kept=1");
                EventStore store = cluster.client(Duration.ofSeconds(60))) {
            cluster.startAll();
            store.topics().create("orders").join();
            try (Producer producer = new Producer(store, "orders", "p1", 10_000, 5_000_000)) {
                producer.awaitProgress();
                int killedWhileInstalling = 0;
                for (int round = 0; round < ROUNDS; round++) {
                    cluster.kill(VICTIM);
                    awaitPurged(cluster);
                    NodeProcess node = cluster.start(VICTIM);
                    Await.until(
                            "the snapshot is being fetched", () -> node.said().contains("Fetching a snapshot"));
                    int afterMs = random.nextInt(400);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(afterMs));
                    node.kill();
                    boolean inTheMiddle = !node.said().contains("is that of a fetched snapshot now");
                    schedule.append(" after ").append(afterMs).append(inTheMiddle ? " ms in" : " ms behind");
                    killedWhileInstalling += inTheMiddle ? 1 : 0;

                    cluster.start(VICTIM);
                    cluster.awaitReady(VICTIM);
                    producer.awaitProgress();
                }
                producer.finish();
                System.err.println(schedule + ", " + killedWhileInstalling + " in the middle; " + producer);
                assertThat(producer.refused()).isEmpty();
                History.assertOnAll(cluster, store, "orders", schedule.toString(), producer);
            }
        }
    }

    /** Waits until what the victim lacks is gone from both others' logs. */
    private static void awaitPurged(Cluster cluster) throws Exception {
        long has = lastIn(cluster, VICTIM);
        Await.until("the others have purged what the node lacks", () -> {
            for (String id : cluster.ids()) {
                if (!id.equals(VICTIM) && firstIn(cluster, id) <= has + 1) {
                    return false;
                }
            }
            return true;
        });
    }

    private static long lastIn(Cluster cluster, String id) throws Exception {
        // The open segment is not longer than a closed one, and an entry holds more than one byte.
        try (var files = Files.list(cluster.segments(id))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("log_inprogress_"))
                    .mapToLong(name -> Long.parseLong(name.substring(15)))
                    .max()
                    .orElse(0);
        }
    }

    private static long firstIn(Cluster cluster, String id) throws Exception {
        try (var files = Files.list(cluster.segments(id))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("log_.*[0-9]"))
                    .mapToLong(name -> Long.parseLong(
                            name.replaceFirst("log_(inprogress_)?", "").replaceFirst("-.*", "")))
                    .min()
                    .orElse(0);
        }
    }
}
