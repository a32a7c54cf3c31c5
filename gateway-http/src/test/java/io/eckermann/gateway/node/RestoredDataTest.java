package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever worked with a cluster goes on with the one that was restored from its backup, where the backup has him. */
final class RestoredDataTest {
    private static final String[] SETTINGS = {
        "raft.segment-size=1MiB", "raft.snapshot-interval=1h", "retention.interval=1s", "scavenge.interval=1h"
    };
    private static final String ORDERED =
            "POST /v1/topics/work/events Idempotency-Key:order-7 {\"type\":\"Ordered\",\"data\":7}";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path root;

    @Test
    void cursorsGroupsAndRetriesGoOnWhereTheBackupHasThem() throws Exception {
        TakenCopy copy = new TakenCopy(root.resolve("copy"));
        Map<String, JsonNode> before;
        JsonNode ordered;
        String token;
        try (TestCluster cluster = new TestCluster(root.resolve("old"), 1, SETTINGS);
                EveryKindOfData data = new EveryKindOfData(cluster)) {
            cluster.startAll();
            data.write();
            token = worked(data);
            ordered = done(data, ORDERED);
            copy.fetch(cluster.channel("n1"));
            before = data.answers();

            // What is done afterwards is in no backup.
            done(data, "POST /v1/groups/work/long/ack {\"token\":" + token + "}");
            done(data, "PUT /v1/cursors/mover/work {\"position\":4,\"expected\":3}");
        }
        try (TestCluster fresh = new TestCluster(root.resolve("new"), 1, "cluster.id=restored");
                EveryKindOfData data = new EveryKindOfData(fresh)) {
            copy.restore(fresh, "n1");
            fresh.startAll();
            assertThat(data.answers()).isEqualTo(before);
            retriesAreKnown(data, ordered);
            cursorIsWhereItWas(data);
            leasesAreWhatTheyWere(data, token);
            assertThat(fresh.failStops()).isEmpty();
        }
    }

    /** Of two groups the one has leases that outlive the restore, and the other ones that do not; returns the token of the former's. */
    private static String worked(EveryKindOfData data) throws Exception {
        done(data, "PUT /v1/topics/work");
        done(data, "POST /v1/topics/work/events {\"events\":[{\"data\":1},{\"data\":2},{\"data\":3},{\"data\":4}]}");
        done(data, "PUT /v1/cursors/mover/work {\"position\":3}");
        String token = "";
        for (String group : List.of("short", "long")) {
            String visibility = group.equals("short") ? "100ms" : "12h";
            done(data, "PUT /v1/groups/work/" + group + " {\"visibility\":\"12h\"}");
            String first = lease(data, group, 2, "12h").path("token").asText();
            done(data, "POST /v1/groups/work/" + group + "/ack {\"token\":" + first + ",\"positions\":[1]}");
            done(
                    data,
                    "POST /v1/groups/work/" + group + "/park {\"token\":" + first
                            + ",\"positions\":[2],\"reason\":\"never will\"}");
            JsonNode leased = lease(data, group, 1, visibility);
            assertThat(positions(leased)).containsExactly(3L);
            token = leased.path("token").asText();
        }
        return token;
    }

    private static void retriesAreKnown(EveryKindOfData data, JsonNode ordered) throws Exception {
        for (Map.Entry<String, Integer> retry : EveryKindOfData.retries().entrySet()) {
            assertThat(data.send(retry.getKey()).statusCode())
                    .as(retry.getKey())
                    .isEqualTo(retry.getValue());
        }
        HttpResponse<String> again = data.send(ORDERED);
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        for (String field : List.of("first", "last", "recorded_ns")) {
            assertThat(JSON.readTree(again.body()).path(field)).as(field).isEqualTo(ordered.path(field));
        }
        assertThat(data.ask("/v1/topics/work").path("head").asLong())
                .isEqualTo(ordered.path("last").asLong());
        assertThat(data.send("POST /v1/topics/work/events Idempotency-Key:order-7 {\"data\":8}")
                        .statusCode())
                .isEqualTo(422);
    }

    private static void cursorIsWhereItWas(EveryKindOfData data) throws Exception {
        assertThat(data.send("PUT /v1/cursors/mover/work {\"position\":4,\"expected\":2}")
                        .statusCode())
                .isEqualTo(409);
        done(data, "PUT /v1/cursors/mover/work {\"position\":4,\"expected\":3}");
    }

    private static void leasesAreWhatTheyWere(EveryKindOfData data, String token) throws Exception {
        JsonNode held = lease(data, "long", 10, "12h");
        assertThat(positions(held)).as("neither acked, parked nor still leased").containsExactly(4L, 5L);
        assertThat(held.path("token").asLong()).as("a later lease").isGreaterThan(Long.parseLong(token));
        assertThat(done(data, "POST /v1/groups/work/long/ack {\"token\":" + token + "}")
                        .path("settled")
                        .asLong())
                .isEqualTo(1);

        JsonNode ranOut = lease(data, "short", 10, "12h");
        assertThat(positions(ranOut)).as("with the one whose lease has ended").containsExactly(3L, 4L, 5L);
        assertThat(ranOut.path("events").path(0).path("attempts").asLong()).isEqualTo(2);
        for (String group : List.of("short", "long")) {
            JsonNode parked = data.ask("/v1/groups/work/" + group + "/parked");
            assertThat(parked.findValuesAsText("reason")).containsExactly("never will");
            assertThat(parked.findValues("position"))
                    .extracting(JsonNode::asLong)
                    .contains(2L);
        }
    }

    private static JsonNode lease(EveryKindOfData data, String group, int max, String visibility) throws Exception {
        return done(
                data,
                "POST /v1/groups/work/" + group + "/lease {\"member\":\"m\",\"max\":" + max + ",\"visibility\":\""
                        + visibility + "\"}");
    }

    private static List<Long> positions(JsonNode leased) {
        return StreamSupport.stream(leased.path("events").spliterator(), false)
                .map(event -> event.path("position").asLong())
                .toList();
    }

    private static JsonNode done(EveryKindOfData data, String line) throws Exception {
        HttpResponse<String> answer = data.send(line);
        assertThat(answer.statusCode()).as(line + "\n" + answer.body()).isLessThan(300);
        return JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
    }
}
