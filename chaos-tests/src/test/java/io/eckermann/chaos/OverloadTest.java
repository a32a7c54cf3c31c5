package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eckermann.client.EventStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * While nothing can be committed, a crowd of clients offers more bytes than a node has heap: the nodes refuse instead of
 * hoarding, and go on where they were when it is over.
 */
@Timeout(400)
class OverloadTest {
    private static final long MIB = 1 << 20;
    private static final long STALL_NS = TimeUnit.SECONDS.toNanos(6);
    /** The heap of a node here, twice as much for buffers outside of it, and what a JVM and RocksDB take anyway. */
    private static final long MEMORY_MAX = (192 + 2 * 192 + 320) * MIB;

    private static final long DISK_BYTES = 6L << 30;

    @TempDir
    private Path directory;

    private Path disk = Path.of("");

    /** Something that can be held up and let go on. */
    private interface Switch {
        void flip() throws Exception;
    }

    @AfterEach
    void unmount() throws Exception {
        if (!disk.toString().isEmpty()) {
            run("fsfreeze", "--unfreeze", disk.toString());
            run("umount", "--lazy", disk.toString());
        }
    }

    @Test
    void leaderWithoutFollowersRefusesInsteadOfHoarding() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3)) {
            cluster.startAll();
            String leader = cluster.leader();
            List<String> followers =
                    cluster.ids().stream().filter(id -> !id.equals(leader)).toList();
            pour(cluster, leader, () -> signal(cluster, followers, "-STOP"), () -> signal(cluster, followers, "-CONT"));
        }
    }

    @Test
    void nodesOnADiskThatStandsStillRefuseInsteadOfHoarding() throws Exception {
        mountDisk();
        for (String id : List.of("n1", "n2", "n3")) {
            // What a node says goes elsewhere: a process that can't even log is another fault.
            Files.createSymbolicLink(directory.resolve(id), Files.createDirectory(disk.resolve(id)));
        }
        try (Cluster cluster = new Cluster(directory, 3)) {
            cluster.startAll();
            pour(
                    cluster,
                    cluster.leader(),
                    () -> assertThat(run("fsfreeze", "--freeze", disk.toString()))
                            .isZero(),
                    () -> assertThat(run("fsfreeze", "--unfreeze", disk.toString()))
                            .isZero());
        }
    }

    private void pour(Cluster cluster, String leader, Switch holdUp, Switch letGo) throws Exception {
        assertThat(Flood.BYTES_UNDER_WAY).isGreaterThan(192 * MIB);
        try (EventStore store = cluster.client(Duration.ofMinutes(2))) {
            store.topics().create("orders").join();
            store.topics().create("flood").join();
            try (Producer orders = new Producer(store, "orders", "p1", 200, 2_000_000)) {
                orders.awaitProgress();
                long most = 0;
                try (Flood flood = new Flood(cluster, "flood")) {
                    Await.until("the flood has begun", () -> flood.recorded() > 10);
                    long before = flood.overloaded();
                    holdUp.flip();
                    try {
                        long endNs = System.nanoTime() + STALL_NS;
                        while (System.nanoTime() - endNs < 0) {
                            LockSupport.parkNanos(100_000_000);
                            most = Math.max(most, cluster.node(leader).memoryBytes());
                        }
                        Await.until("some are refused", () -> flood.overloaded() > before);
                    } finally {
                        letGo.flip();
                    }
                    // While it lasts, small appends compete with the flood for what room there is.
                    flood.finish();
                    orders.awaitProgress();
                    System.err.println(flood + "; " + orders + "; at most " + most / MIB + " MiB");
                }
                assertThat(most).as("memory of the leader").isBetween(1L, MEMORY_MAX);
                for (String id : cluster.ids()) {
                    assertThat(cluster.node(id).isAlive()).as(id + " is up").isTrue();
                }
                orders.finish();
                assertThat(orders.refused()).isEmpty();
                History.assertOnAll(cluster, store, "orders", "after a stall", orders);
            }
        }
    }

    private static void signal(Cluster cluster, List<String> ids, String signal) throws Exception {
        for (String id : ids) {
            assertThat(run("kill", signal, Long.toString(cluster.node(id).pid())))
                    .isZero();
        }
    }

    private void mountDisk() throws Exception {
        Path image = directory.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(DISK_BYTES);
        }
        Path at = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                run("mkfs.ext4", "-q", image.toString()) == 0
                        && run("mount", "-o", "loop,noatime", image.toString(), at.toString()) == 0,
                "mounting a filesystem needs root and is not allowed here");
        disk = at;
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            // There is no such program here.
            return -1;
        }
    }
}
