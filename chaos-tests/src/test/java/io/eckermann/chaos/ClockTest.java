package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.EventStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose clock goes wrong is not ready, says so, and leads no longer. */
class ClockTest {
    /** Adds seconds, read from a file that is mapped into memory, to the clock of the day and to no other. */
    private static final String SHIFTED_CLOCK = """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <stdlib.h>
            #include <sys/mman.h>
            #include <sys/syscall.h>
            #include <sys/time.h>
            #include <time.h>
            #include <unistd.h>

            static volatile long *shift;

            __attribute__((constructor)) static void map(void) {
                int fd = open(getenv("CLOCK_SHIFT"), O_RDONLY);
                shift = mmap(0, sizeof(long), PROT_READ, MAP_SHARED, fd, 0);
                close(fd);
            }

            int clock_gettime(clockid_t id, struct timespec *t) {
                int failed = syscall(SYS_clock_gettime, id, t);
                if (!failed && id == CLOCK_REALTIME && shift) t->tv_sec += *shift;
                return failed;
            }

            int gettimeofday(struct timeval *restrict t, void *restrict zone) {
                struct timespec now;
                int failed = clock_gettime(CLOCK_REALTIME, &now);
                t->tv_sec = now.tv_sec;
                t->tv_usec = now.tv_nsec / 1000;
                return failed;
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void nodeWithAWrongClockIsNotReadyAndDoesNotLead() throws Exception {
        Path library = compile();
        try (Cluster cluster = new Cluster(directory, 3);
                EventStore store = cluster.client(Duration.ofSeconds(60))) {
            for (String id : cluster.ids()) {
                shift(id, 0);
                cluster.start(id, Map.of("LD_PRELOAD", library.toString(), "CLOCK_SHIFT", file(id).toString()));
            }
            cluster.awaitReady();
            store.topics().create("orders").join();
            String leader = cluster.leader();
            try (Producer producer = new Producer(store, "orders", "p1", 100, 5_000_000)) {
                producer.awaitProgress();
                // While it is at work: not one event may get a time of an hour ahead.
                shift(leader, 3_600);
                Await.until(
                        "it is not ready because of its clock",
                        () -> self(cluster, leader)
                                .path("not_ready_reason")
                                .asText()
                                .contains("clock"));
                Await.until("another leads", () -> !cluster.leader().equals(leader));
                producer.awaitProgress();

                shift(leader, 0);
                Await.until(
                        "it is ready again",
                        () -> self(cluster, leader).path("ready").asBoolean());
                producer.finish();
                assertThat(producer.refused()).as("refused to a patient client").isEmpty();
                History.assertOnAll(cluster, store, "orders", leader + " had a wrong clock", producer);
                assertThat(cluster.node(leader).said()).contains("ms ahead of its peers'");
            }
        }
    }

    private static JsonNode self(Cluster cluster, String id) throws InterruptedException {
        for (JsonNode node : cluster.view(id).path("nodes")) {
            if (node.path("id").asText().equals(id)) {
                return node;
            }
        }
        return Script.JSON.createObjectNode();
    }

    private Path file(String id) {
        return directory.resolve(id + ".shift");
    }

    private void shift(String id, long seconds) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        try (var file = Files.newByteChannel(
                file(id), java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            file.write(bytes.putLong(seconds).flip());
        }
    }

    private Path compile() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "there is no gcc to make a wrong clock with");
        Path source = Files.writeString(directory.resolve("clock.c"), SHIFTED_CLOCK);
        Path library = directory.resolve("clock.so");
        Process gcc = new ProcessBuilder("gcc", "-O1", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                .inheritIO()
                .start();
        assumeTrue(gcc.waitFor() == 0, "gcc could not make a wrong clock");
        return library;
    }
}
