package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eckermann.client.Consistency;
import io.eckermann.client.EckermannException;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.ReadOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes with full disks refuse appends and nothing else, as long as not enough others have room. */
class FullDiskTest {
    private static final int FILLED_BYTES = 60 << 20;
    private static final String EVENTS = "/v1/topics/orders/events";

    @TempDir
    private Path directory;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", disk.toString()) == 0,
                "mounting a filesystem needs root and is not allowed here");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "--lazy", disk.toString());
    }

    @Test
    void fullDiskRefusesAppendsAloneUntilThereIsRoomAgain() throws Exception {
        try (Cluster cluster = new Cluster(disk, 3, "disk.free-min=128MiB", "raft.segment-size=1MiB");
                EventStore store = cluster.client(Duration.ofSeconds(60));
                EventStore hasty = cluster.client(Duration.ofSeconds(3))) {
            cluster.startAll();
            store.topics().create("orders").join();
            store.topics().create("old").join();
            store.topics().create("older").join();
            store.append("older", Event.of("1")).join();
            for (int i = 1; i <= 3; i++) {
                store.append("orders", Event.of("p1 " + i + " ")).join();
            }

            fill(disk);
            Await.until("appends are refused", () -> refused(hasty).contains("DISK_FULL"));
            long head = store.topics()
                    .head("orders", Consistency.LINEARIZABLE)
                    .join()
                    .head();
            try (var events = store.open("orders", ReadOptions.ALL)) {
                assertThat(events.stream().count()).isEqualTo(head);
            }
            assertThat(store.cursors().commit("reader", "orders", 2).join().position())
                    .isEqualTo(2);
            store.topics().delete("old").join();
            assertThatThrownBy(() -> store.topics().get("old").join()).hasMessageContaining("TOPIC_NOT_FOUND");
            assertThatThrownBy(() -> hasty.append("orders", Event.of("p1 0 ")).join())
                    .cause()
                    .isInstanceOfSatisfying(EckermannException.Unavailable.class, refused -> {
                        assertThat(refused.code()).isEqualTo("DISK_FULL");
                        assertThat(refused.outcomeUnknown()).isFalse();
                    });
            theHttpDoorRefusesAppendsAlone(cluster, head);

            var waiting = store.append("orders", Event.of("p1 4 "));
            Files.delete(disk.resolve("filler"));
            assertThat(waiting.join().first()).as("goes on by itself").isEqualTo(head + 1);
            History.assertOn(cluster, cluster.ids(), "orders", head + 1, "after a full disk");
            HttpResponse<String> accepted = send(cluster, "n2", "POST", EVENTS, "{\"data\":0}");
            assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(201);
        }
    }

    @Test
    void leaderWhoseOwnDiskIsFullLetsOneLeadThatHasRoom() throws Exception {
        Files.createSymbolicLink(directory.resolve("n1"), disk);
        try (Cluster cluster = new Cluster(directory, 3, "disk.free-min=128MiB", "raft.segment-size=1MiB");
                EventStore store = cluster.client(Duration.ofSeconds(60))) {
            cluster.startAll();
            store.topics().create("orders").join();
            assertThat(store.nodes().transferLeadership("n1").join()).isEqualTo("n1");

            fill(disk);
            Await.until("another leads", () -> !cluster.leader().equals("n1"));
            for (int i = 1; i <= 3; i++) {
                store.append("orders", Event.of("p1 " + i + " ")).join();
            }
            History.assertOn(cluster, cluster.ids(), "orders", 3, "with one full disk of three");
            assertThat(send(cluster, "n1", "POST", EVENTS, "{\"data\":0}").statusCode())
                    .isEqualTo(201);
        }
    }

    private static void theHttpDoorRefusesAppendsAlone(Cluster cluster, long head) throws Exception {
        for (String id : cluster.ids()) {
            HttpResponse<String> refused = send(cluster, id, "POST", EVENTS, "{\"data\":0}");
            assertThat(refused.statusCode()).as(id).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("5");
            assertThat(Script.JSON.readTree(refused.body()).path("code").asText())
                    .isEqualTo("DISK_FULL");
            assertThat(refused.body()).contains("no room for events: free some").contains("\"sideEffects\":\"none\"");
            assertThat(send(cluster, id, "GET", EVENTS, "").statusCode()).isEqualTo(200);
            assertThat(cluster.view(id).path("nodes").findValuesAsText("disk_low"))
                    .containsOnly("true");
        }
        String cursor = "/v1/cursors/http/orders";
        assertThat(send(cluster, "n1", "PUT", cursor, "{\"position\":" + head + "}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(cluster, "n2", "POST", "/v1/topics/older/truncate", "{\"before\":2}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(cluster, "n3", "DELETE", "/v1/topics/older", "").statusCode())
                .isEqualTo(204);
        assertThat(send(cluster, "n1", "GET", "/v1/topics/older", "").statusCode())
                .isEqualTo(404);
    }

    private static HttpResponse<String> send(Cluster cluster, String id, String method, String path, String body)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + cluster.http(id) + path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String refused(EventStore store) {
        try {
            store.append("orders", Event.of("probe " + System.nanoTime() + " ")).join();
            return "";
        } catch (CompletionException e) {
            System.err.println(e);
            return e.toString();
        }
    }

    /** Leaves less free than must be, but enough for the cursor and the deletion. */
    private static void fill(Path disk) throws IOException {
        long free = disk.toFile().getUsableSpace();
        try (RandomAccessFile filler =
                new RandomAccessFile(disk.resolve("filler").toFile(), "rw")) {
            byte[] block = new byte[1 << 20];
            while (free > FILLED_BYTES) {
                filler.write(block);
                free -= block.length;
            }
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
