package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of three nodes two go: what the last one says and does, and that one of them is enough to go on. */
final class LostMajorityTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String EVENTS = "/v1/topics/orders/events";
    private static final int EVENTS_BEFORE = 20;
    private static final long SECOND_NS = 1_000_000_000;

    @TempDir
    Path root;

    /** The one that led, as it has to find out that it does not any more. */
    private String last = "";

    @Test
    void theLastNodeSaysThatItIsCutOffAndGoesOnOnceOneOfTheOthersIsBack() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3, "request.timeout=2s")) {
            cluster.startAll();
            last = cluster.awaitLeader();
            assertThat(create(cluster).statusCode()).isEqualTo(201);
            for (int number = 1; number <= EVENTS_BEFORE; number++) {
                assertThat(append(cluster, number).statusCode()).isIn(200, 201);
            }
            List<String> lost =
                    cluster.ids().stream().filter(id -> !id.equals(last)).toList();
            lost.parallelStream().forEach(cluster::stop);

            Await.until(
                    "it knows that it is cut off",
                    () -> get(cluster, "/healthz/ready").body().contains("cut off"));
            saysWhatIsWrong(cluster, lost);
            readsWhatItHasAndRefusesTheRest(cluster);

            String back = lost.get(0);
            cluster.start(back);
            Await.until(
                    "it is ready again", () -> get(cluster, "/healthz/ready").statusCode() == 200);
            assertThat(append(cluster, EVENTS_BEFORE + 1).statusCode()).isIn(200, 201);
            assertThat(numbers(get(cluster, EVENTS + "?limit=1000")))
                    .as("all that was acknowledged, and nothing that was refused")
                    .isEqualTo(
                            IntStream.rangeClosed(1, EVENTS_BEFORE + 1).boxed().toList());
            JsonNode view = json(get(cluster, "/v1/cluster"));
            assertThat(view.path("leader").asText()).isIn(last, back);
            assertThat(view.path("cut_off").asBoolean()).isFalse();
            assertThat(get(cluster, "/metrics").body().lines()).contains("eckermann_cut_off 0.0");
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    private void saysWhatIsWrong(TestCluster cluster, List<String> lost) throws Exception {
        assertThat(get(cluster, "/healthz/live").statusCode()).isEqualTo(200);
        HttpResponse<String> ready = get(cluster, "/healthz/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("NOT_READY").contains("cut off: it reaches 0 of 2 other nodes");
        JsonNode view = json(get(cluster, "/v1/cluster"));
        assertThat(view.path("leader").isNull()).isTrue();
        assertThat(view.path("cut_off").asBoolean()).isTrue();
        assertThat(view.path("nodes")).hasSize(3);
        for (JsonNode node : view.path("nodes")) {
            boolean isLost = lost.contains(node.path("id").asText());
            assertThat(node.path("reachable").asBoolean()).isEqualTo(!isLost);
            assertThat(node.path("ready").asBoolean()).isFalse();
            assertThat(node.path("not_ready_reason").asText()).contains(isLost ? "it does not answer" : "cut off");
            assertThat(node.path("role").asText()).isNotEqualTo("leader");
            assertThat(node.path("version").asText())
                    .as("known also of who is lost")
                    .isNotEmpty();
            assertThat(node.path("clock_offset_ns").asLong(Long.MAX_VALUE)).isBetween(-SECOND_NS, SECOND_NS);
            for (String size : List.of("disk_free_bytes", "disk_total_bytes", "heap_used_bytes", "heap_max_bytes")) {
                assertThat(node.path(size).asLong()).as(size).isPositive();
            }
            assertThat(node.path("load").isNumber()).isTrue();
            assertThat(node.path("age_millis").asLong() > 0).isEqualTo(isLost);
        }
        tellsPrometheusWhatIsWrong(cluster, lost);
    }

    private void tellsPrometheusWhatIsWrong(TestCluster cluster, List<String> lost) throws Exception {
        HttpResponse<String> metrics = get(cluster, "/metrics");
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body().lines())
                .contains(
                        "eckermann_cut_off 1.0",
                        "eckermann_ready 0.0",
                        "eckermann_raft_leader_known{shard=\"0\"} 0.0",
                        "eckermann_node_reachable{node=\"" + last + "\"} 1.0",
                        "eckermann_node_reachable{node=\"" + lost.get(0) + "\"} 0.0",
                        "eckermann_node_reachable{node=\"" + lost.get(1) + "\"} 0.0",
                        "eckermann_node_ready{node=\"" + last + "\"} 0.0");
        for (String what : List.of("clock_offset_seconds", "disk_free_bytes", "heap_used_bytes", "load", "version")) {
            assertThat(metrics.body()).contains("eckermann_node_" + what + "{node=\"" + last + "\"");
        }
    }

    private void readsWhatItHasAndRefusesTheRest(TestCluster cluster) throws Exception {
        assertThat(numbers(get(cluster, EVENTS + "?limit=1000&consistency=local")))
                .isEqualTo(IntStream.rangeClosed(1, EVENTS_BEFORE).boxed().toList());
        for (HttpResponse<String> refused : List.of(get(cluster, EVENTS), append(cluster, -1))) {
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(json(refused).path("code").asText()).isEqualTo("NO_LEADER");
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        }
    }

    private static List<Integer> numbers(HttpResponse<String> page) throws IOException {
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        return json(page).path("events").findValues("data").stream()
                .map(JsonNode::asInt)
                .toList();
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> create(TestCluster cluster) throws Exception {
        return send(request(cluster, "/v1/topics/orders")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{}")));
    }

    private HttpResponse<String> append(TestCluster cluster, int number) throws Exception {
        return send(request(cluster, EVENTS)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"data\":" + number + "}")));
    }

    private HttpResponse<String> get(TestCluster cluster, String path) throws Exception {
        return send(request(cluster, path));
    }

    private HttpRequest.Builder request(TestCluster cluster, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(last) + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
