package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real nodes tell Prometheus, and that the page about it says the same. */
final class MetricsTest {
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final String TABLE = "| metric | type | labels | what it is |\n|---|---|---|---|\n";
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path root;

    @Test
    void nodesTellWhatHappenedAndThePageNamesEveryMetric() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3, "metrics.lag-max=2")) {
            cluster.startAll();
            String leader = cluster.awaitLeader();
            send(cluster, leader, "PUT", "/v1/topics/t", "");
            send(
                    cluster,
                    leader,
                    "POST",
                    "/v1/topics/t/events",
                    "{\"events\":[{\"data\":1},{\"data\":2},{\"data\":3}]}");
            send(cluster, leader, "PUT", "/v1/cursors/billing/t", "{\"position\":1}");
            send(cluster, leader, "PUT", "/v1/cursors/mail/t", "{\"position\":3}");
            send(cluster, leader, "PUT", "/v1/groups/t/work", "{}");
            send(cluster, leader, "GET", "/v1/topics/t/events?from=2", "");
            send(cluster, leader, "GET", "/v1/topics/none", "");
            send(cluster, leader, "BREW", "/v1/topics/none", "");
            send(cluster, leader, "GET", "/made/up/by/a/caller", "");

            for (String id : cluster.ids()) {
                Await.until(
                        "the disk was looked at",
                        () -> scrape(cluster, id, "").body().contains("eckermann_storage_bytes"));
            }
            String told = toldOfAllNodes(cluster, leader);
            assertThat(told)
                    .contains("eckermann_appended_events_total 3.0")
                    .contains("eckermann_read_events_total 2.0")
                    .contains("eckermann_raft_role{role=\"leader\",shard=\"0\"} 1.0")
                    .contains("eckermann_raft_leader_known{shard=\"0\"} 1.0")
                    .contains("eckermann_cursor_lag_events{consumer=\"billing\",topic=\"t\"} 2.0")
                    .contains("eckermann_cursor_lag_events{consumer=\"mail\",topic=\"t\"} 0.0")
                    .contains("eckermann_cursor_lag_seconds{consumer=\"mail\",topic=\"t\"} 0.0")
                    .contains("eckermann_lag_left_out_consumers 1.0")
                    .contains("eckermann_cut_off 0.0")
                    .contains("route=\"POST /v1/topics/{topic}/events\",status=\"201\"")
                    .contains("route=\"GET /v1/topics/{topic}\",status=\"404\"")
                    .contains("route=\"/v1/topics/{topic}\",status=\"405\"")
                    .contains("route=\"\",status=\"404\"")
                    .doesNotContain("caller\"");
            assertThat(value(told, "eckermann_cursor_lag_bytes{consumer=\"billing\",topic=\"t\"}"))
                    .isPositive();
            HttpResponse<String> open = scrape(cluster, leader, "application/openmetrics-text; version=1.0.0");
            assertThat(open.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("application/openmetrics-text");
            assertThat(open.body()).endsWith("# EOF\n");
            assertThat(send(cluster, leader, "GET", "/healthz/startup", "").statusCode())
                    .isEqualTo(200);
            assertThat(send(cluster, leader, "GET", "/healthz/live", "").statusCode())
                    .isEqualTo(200);
            send(cluster, leader, "DELETE", "/v1/cursors/mail/t", "");
            send(cluster, leader, "DELETE", "/v1/cursors/billing/t", "");
            String withGroup = scrape(cluster, leader, "").body();
            assertThat(withGroup).contains("eckermann_group_lag_events{group=\"work\",topic=\"t\"} 3.0");
            assertPage(List.of(
                    told, withGroup, scrape(cluster, cluster.follower(), "").body()));
        }
    }

    /** What the node tells once it has heard that all are ready. */
    private String toldOfAllNodes(TestCluster cluster, String id) throws Exception {
        String[] told = {""};
        Await.until("it has heard that all are ready", () -> {
            told[0] = scrape(cluster, id, "").body();
            return cluster.ids().stream()
                    .allMatch(each -> told[0].contains("eckermann_node_ready{node=\"" + each + "\"} 1.0"));
        });
        for (String each : cluster.ids()) {
            for (String size : List.of("heap_used_bytes", "disk_free_bytes", "disk_total_bytes")) {
                assertThat(value(told[0], "eckermann_node_" + size + "{node=\"" + each + "\"}"))
                        .as(size)
                        .isPositive();
            }
            assertThat(value(told[0], "eckermann_node_clock_offset_seconds{node=\"" + each + "\"}"))
                    .isBetween(-1.0, 1.0);
            assertThat(told[0])
                    .contains("eckermann_node_load{node=\"" + each + "\"}")
                    .contains("eckermann_node_version{node=\"" + each + "\",version=\"");
        }
        return told[0];
    }

    private static double value(String told, String series) {
        return told.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static void assertPage(List<String> scrapes) throws Exception {
        String page = Files.readString(PAGE);
        int from = page.indexOf(TABLE);
        assertThat(from).as("the table's head").isPositive();
        int to = page.indexOf("\n\n", from) + 1;
        String table = TABLE + rows(scrapes);
        if (Boolean.getBoolean("metrics.rewrite")) {
            Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to));
        }
        assertThat(Files.readString(PAGE))
                .as("run this test with -Dmetrics.rewrite=true and commit the file")
                .contains(table + "\n");
    }

    private static String rows(List<String> scrapes) {
        TreeMap<String, String> types = new TreeMap<>();
        TreeMap<String, String> helps = new TreeMap<>();
        TreeMap<String, TreeSet<String>> labels = new TreeMap<>();
        scrapes.stream().flatMap(String::lines).forEach(line -> {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                helps.put(words[2], words[3]);
            } else if (line.startsWith("# TYPE ")) {
                types.put(words[2], words[3]);
            } else {
                String name = types.floorKey(line.split("[{ ]", 2)[0]);
                Matcher label = LABEL.matcher(line);
                while (label.find()) {
                    labels.computeIfAbsent(name, any -> new TreeSet<>()).add(label.group(1));
                }
            }
        });
        StringBuilder rows = new StringBuilder();
        types.forEach((name, type) -> {
            TreeSet<String> own = labels.getOrDefault(name, new TreeSet<>());
            own.removeAll(List.of("le", "quantile"));
            rows.append("| `").append(name).append("` | ").append(type).append(" | ");
            rows.append(String.join(", ", own))
                    .append(" | ")
                    .append(helps.get(name))
                    .append(" |\n");
        });
        return rows.toString();
    }

    private HttpResponse<String> scrape(TestCluster cluster, String id, String accept) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(id) + "/metrics"));
        if (!accept.isEmpty()) {
            request.header("Accept", accept);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private HttpResponse<String> send(TestCluster cluster, String id, String method, String path, String body)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(id) + path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
