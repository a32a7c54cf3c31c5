package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.EventStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that were damaged while a node was down: what a crash can leave is repaired, all else is refused in words. */
class TornLogTest {
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime() % 1_000_000);
    private static final String VICTIM = "n2";
    private static final String OPEN = "log_inprogress_";

    private final Random random = new Random(SEED);

    @TempDir
    private Path directory;

    @Test
    void tornTailIsCutAndEveryOtherDamageIsRefusedWhileTheOthersGoOn() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3, "raft.segment-size=1MiB");
                EventStore store = cluster.client(Duration.ofSeconds(60))) {
            cluster.startAll();
            store.topics().create("orders").join();
            try (Producer producer = new Producer(store, "orders", "p1", 4_000, 6_000_000)) {
                Await.until("some segments are closed", () -> closed(cluster).size() >= 2);
                kill(cluster);

                for (int round = 0; round < 2; round++) {
                    putGarbageBehindTheLastEntry(cluster);
                    cluster.start(VICTIM);
                    cluster.awaitReady(VICTIM);
                    assertThat(cluster.node(VICTIM).said()).contains("Cutting ");
                    producer.awaitProgress();
                    kill(cluster);
                }

                List<Path> closed = closed(cluster);
                Path segment = closed.get(random.nextInt(closed.size()));
                flipABitAndBack(cluster, segment, Files.size(segment) / 2);
                // The first entry of the open segment, with whole ones behind it.
                flipABitAndBack(cluster, open(cluster), 20);
                // The last entry, which has nothing behind it: that it was acknowledged is remembered beside the log. A
                // node that
                // was killed may have one more, of which nobody was told.
                stop(cluster);
                flipABitAndBack(cluster, open(cluster), end(open(cluster)) - 1);
                producer.awaitProgress();

                Path aside = directory.resolve("aside");
                Files.move(cluster.data(VICTIM).resolve("raft"), aside);
                assertRefused(cluster, "its Raft log (raft/) is missing");
                Files.move(aside, cluster.data(VICTIM).resolve("raft"));

                Files.move(cluster.data(VICTIM), aside);
                assertWaitsToBeTakenIn(cluster);
                cluster.empty(VICTIM);
                Files.move(aside, cluster.data(VICTIM));
                producer.awaitProgress();

                cluster.start(VICTIM);
                cluster.awaitReady(VICTIM);
                producer.finish();
                assertThat(producer.refused()).isEmpty();
                History.assertOnAll(cluster, store, "orders", "seed " + SEED, producer);
            }
        }
    }

    /** Not between the end of one segment and the beginning of the next. */
    private static void kill(Cluster cluster) throws Exception {
        cluster.kill(VICTIM);
        while (segments(cluster).noneMatch(TornLogTest::isOpen)) {
            cluster.start(VICTIM);
            cluster.awaitReady(VICTIM);
            cluster.kill(VICTIM);
        }
    }

    /** In an orderly way: all that is written is on disk then, and acknowledged. */
    private static void stop(Cluster cluster) throws Exception {
        do {
            cluster.start(VICTIM);
            cluster.awaitReady(VICTIM);
            cluster.node(VICTIM).terminate();
            assertThat(cluster.node(VICTIM).awaitExit()).isZero();
        } while (segments(cluster).noneMatch(TornLogTest::isOpen));
    }

    private static boolean isOpen(Path segment) {
        return segment.getFileName().toString().startsWith(OPEN);
    }

    /** As a write that was cut off leaves it: the zeros behind the last entry begin with something else. */
    private void putGarbageBehindTheLastEntry(Cluster cluster) throws IOException {
        Path open = open(cluster);
        long end = end(open);
        try (RandomAccessFile file = new RandomAccessFile(open.toFile(), "rw")) {
            byte[] garbage = new byte[1 + random.nextInt(3000)];
            random.nextBytes(garbage);
            garbage[garbage.length - 1] = 1;
            // A checksum may end with zeros; they belong to the entry.
            file.seek(end + 4);
            file.write(garbage);
        }
    }

    /** Behind the last byte that is not zero. */
    private static long end(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        int end = all.length;
        while (end > 0 && all[end - 1] == 0) {
            end--;
        }
        return end;
    }

    /** What it once had acknowledged is gone, so it does not vote as the member it was. */
    private void assertWaitsToBeTakenIn(Cluster cluster) throws Exception {
        cluster.start(VICTIM);
        Await.until(
                "the emptied node knows that it was there before",
                () -> cluster.node(VICTIM).said().contains(VICTIM + " was in this cluster before"));
        assertThat(cluster.node(VICTIM).isReady()).isFalse();
        cluster.kill(VICTIM);
    }

    private void flipABitAndBack(Cluster cluster, Path file, long offset) throws Exception {
        flip(file, offset);
        String name = file.getFileName().toString();
        String said = assertRefused(cluster, "must not vote", name, "offset");
        assertThat(said.lines().filter(line -> line.contains(name) && line.contains("is damaged")))
                .as(said)
                .hasSize(1);
        flip(file, offset);
    }

    private static void flip(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int value = bytes.read();
            bytes.seek(offset);
            bytes.write(value ^ 4);
        }
    }

    private String assertRefused(Cluster cluster, String... words) throws Exception {
        NodeProcess refused = cluster.start(VICTIM);
        assertThat(refused.awaitExit()).as(refused.said()).isEqualTo(1);
        assertThat(refused.said()).as("seed %d", SEED).contains(words).doesNotContain("Exception");
        return refused.said();
    }

    private static List<Path> closed(Cluster cluster) throws IOException {
        return segments(cluster).filter(segment -> !isOpen(segment)).toList();
    }

    private static Path open(Cluster cluster) throws IOException {
        return segments(cluster).filter(TornLogTest::isOpen).findFirst().orElseThrow();
    }

    private static Stream<Path> segments(Cluster cluster) throws IOException {
        try (Stream<Path> files = Files.list(cluster.segments(VICTIM))) {
            return files
                    .filter(file -> file.getFileName().toString().matches("log_.*[0-9]"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }
}
