package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.chaos.Script.Ended;
import io.eckermann.chaos.Up.Node;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A newcomer's commands, and what must hold when processes are killed. */
class UpTest {
    private static final String[] FREE_PORTS = {"--data", "data", "--http-port", "0", "--grpc-port", "0"};
    private static final String[] LEFT_DOWN = {"--data", "data", "--http-port", "0", "--grpc-port", "0", "--no-restart"
    };

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();
    private final List<String> acknowledged = new ArrayList<>();

    @TempDir
    private Path directory;

    private Script eckermann;

    @BeforeEach
    void script() {
        eckermann = new Script(directory);
    }

    @Test
    void acknowledgedEventsSurviveTheKillingOfOneAndOfAllNodes() throws Exception {
        List<String> addresses;
        try (Up up = eckermann.up(LEFT_DOWN)) {
            assertThat(up.nodes()).extracting(Node::id).containsExactly("n1", "n2", "n3");
            addresses = up.nodes().stream().map(Node::grpc).toList();
            assertThat(ok(eckermann.run("topic", "create", "orders", "--timeout", "60s"))
                            .out())
                    .isEqualTo("created orders\n");
            for (Node node : up.nodes()) {
                appendOverHttp(node);
            }
            appendByCommand(up);

            up.nodes().get(0).kill();
            Await.until("up reports the dead node", () -> up.said().contains("Node n1 has ended"));
            appendByCommand(up);
            appendOverHttp(up.nodes().get(1));
            assertThat(readAll(up)).isEqualTo(acknowledged);

            up.nodes().forEach(Node::kill);
        }
        try (Up again = eckermann.up(FREE_PORTS)) {
            assertThat(again.nodes()).extracting(Node::grpc).isEqualTo(addresses);
            assertThat(readAll(again)).isEqualTo(acknowledged);
            for (Node node : again.nodes()) {
                appendOverHttp(node);
            }
            assertThat(readAll(again)).isEqualTo(acknowledged);

            assertThat(again.stop()).isZero();
            assertThat(again.anyNodeLives()).isFalse();
            assertThat(again.said()).contains("Stopped.");
        }
    }

    @Test
    void aNodeThatWasKilledIsStartedAgain() throws Exception {
        try (Up up = eckermann.up(FREE_PORTS)) {
            ok(eckermann.run("topic", "create", "orders", "--timeout", "60s"));
            Node victim = up.nodes().get(0);
            victim.kill();
            Await.until("up says so", () -> up.said().contains("Node n1 has ended"));
            assertThat(up.said()).contains("starting it again").hasLineCount(1);
            Await.until(
                    "the node is back",
                    () -> eckermann
                                    .run("topic", "show", "orders", "--endpoints", victim.grpc())
                                    .exitCode()
                            == 0);
            assertThat(up.stop()).isZero();
            assertThat(ProcessHandle.allProcesses()
                            .filter(process -> process.info()
                                    .arguments()
                                    .filter(all -> String.join(" ", all).contains(directory.toString()))
                                    .isPresent()))
                    .isEmpty();
        }
    }

    @Test
    void nodesDoNotOutliveTheirUpAndASecondOneIsRefused() throws Exception {
        try (Up up = eckermann.up("--data", "data", "--nodes", "1", "--http-port", "0", "--grpc-port", "0")) {
            removalVerbsDoWhatTheySay(up.endpoints());

            Ended second = eckermann.run("up", "--data", "data");
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err()).contains("already runs").hasLineCount(1);

            String port = up.nodes().get(0).http().replaceAll(".*:", "");
            Ended taken = eckermann.run("up", "--data", "other", "--http-port", port, "--grpc-port", "0");
            assertThat(taken.exitCode()).isEqualTo(1);
            assertThat(taken.err())
                    .contains("Port " + port + " (HTTP of n1) is in use")
                    .hasLineCount(1);

            up.kill();
            Await.until("the node has stopped by itself", () -> !up.anyNodeLives());
        }
    }

    private void removalVerbsDoWhatTheySay(String endpoints) throws IOException, InterruptedException {
        ok(eckermann.run("topic", "create", "prices", "--compact-keys", "on", "--endpoints", endpoints));
        ok(eckermann.run("append", "prices", "1", "2", "3", "4", "--tag", "t", "--endpoints", endpoints));
        assertThat(ok(eckermann.run(
                                "topic",
                                "update",
                                "prices",
                                "--retain-events",
                                "3",
                                "-o",
                                "json",
                                "--endpoints",
                                endpoints))
                        .json()
                        .path("settings")
                        .toString())
                .contains("\"retain_events\":3", "\"compact_keys\":true");
        assertThat(ok(eckermann.run("topic", "truncate", "prices", "--before", "2", "--endpoints", endpoints))
                        .out())
                .isEqualTo("prices begins at 2\n");
        ok(eckermann.run("topic", "delete-event", "prices", "3", "--yes", "--endpoints", endpoints));
        assertThat(ok(eckermann.run("read", "prices", "--tag", "t", "-o", "json", "--endpoints", endpoints))
                        .json()
                        .path("events")
                        .findValuesAsText("position"))
                .containsExactly("2", "4");
        assertThat(ok(eckermann.run("admin", "scavenge", "stop", "--endpoints", endpoints))
                        .out())
                .isEqualTo("stopped on n1\n");
    }

    @Test
    void demoProvesThatNothingWasLostAndLeavesNothingBehind() throws Exception {
        Ended demo = ok(eckermann.run("demo"));
        assertThat(demo.out())
                .contains("Kill the leader", "504 of 504 appends acknowledged", "the same: nothing lost")
                .contains("is ready and caught up")
                .doesNotContain("\u001B");
        try (var files = Files.list(directory)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).allMatch(name -> name.endsWith(".txt"));
        }
    }

    private void appendOverHttp(Node node) throws IOException, InterruptedException {
        String payload = "{\"n\":" + acknowledged.size() + "}";
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create("http://" + node.http() + "/v1/topics/orders/events"))
                        .timeout(Duration.ofSeconds(60))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"Paid\",\"data\":" + payload + "}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        acknowledged.add(payload);
    }

    private void appendByCommand(Up up) throws IOException, InterruptedException {
        String payload = "{\"n\":" + acknowledged.size() + "}";
        ok(eckermann.run("append", "orders", payload, "--endpoints", up.endpoints(), "--timeout", "60s"));
        acknowledged.add(payload);
    }

    private List<String> readAll(Up up) throws IOException, InterruptedException {
        JsonNode events = ok(eckermann.run(
                        "read", "orders", "-o", "json", "--endpoints", up.endpoints(), "--timeout", "60s"))
                .json()
                .path("events");
        List<String> payloads = new ArrayList<>();
        for (JsonNode event : events) {
            payloads.add(event.path("data").toString());
            assertThat(event.path("position").asLong()).isEqualTo(payloads.size());
        }
        return payloads;
    }

    private static Ended ok(Ended ended) {
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        return ended;
    }
}
