package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.FakeEndpoints;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the verbs say and ask about time, against a cluster in memory. */
class TimeVerbsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private FakeEndpoints cluster;

    @BeforeEach
    void startCluster() throws IOException {
        cluster = new FakeEndpoints(1);
        run("topic", "create", "orders", "--index-event-time", "--timeline-slot", "1d", "--timeline-slot", "1h");
        run("append", "orders", "1", "--time", "2020-01-02");
        run("append", "orders", "2", "--time", "2020-01-01T10:00");
        run("append", "orders", "3", "--time", "1969-12-31");
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    @Test
    void timelineGoesOnOverPagesAsFarAsItIsWanted() throws IOException {
        JsonNode slots =
                json("timeline", "orders", "--slot", "2s", "-o", "json").get("slots");
        assertThat(slots).hasSize(2);
        assertThat(slots.path(0).path("start_time").asText()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(slots.path(1).path("first").asLong()).isEqualTo(2);
        assertThat(slots.path(1).path("count").asLong()).isEqualTo(2);
        assertThat(json("timeline", "orders", "--slot", "2s", "-n", "1", "-o", "json")
                        .get("slots"))
                .hasSize(1);
        assertThat(json("timeline", "orders", "--slot", "2s", "--since", "2000000000", "-o", "json")
                        .get("slots"))
                .hasSize(1);
        assertThat(text("timeline", "orders")).startsWith("START").contains("1970-01-01T00:00:00.000Z");
    }

    @Test
    void slotsOfATimelineAreChanged() throws IOException {
        assertThat(json("topic", "update", "orders", "--timeline-slot", "2h", "--timeline-slot", "30s", "-o", "json")
                        .at("/settings/timeline_slots")
                        .toString())
                .isEqualTo("[\"2h\",\"30s\"]");
        assertThat(json("topic", "update", "orders", "--timeline-slot", "none", "-o", "json")
                        .at("/settings/timeline_slots")
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void eventsAreReadByTheirBusinessTime() {
        assertThat(text("read", "orders", "--by", "event_time", "-o", "raw")).isEqualTo("3\n2\n1\n");
        assertThat(text("read", "orders", "--by", "event_time", "--backward", "-n", "2", "-o", "raw"))
                .isEqualTo("1\n2\n");
        assertThat(text(
                        "read",
                        "orders",
                        "--by",
                        "event_time",
                        "--since",
                        "2020-01-01T13:00",
                        "--zone",
                        "Europe/Moscow",
                        "-o",
                        "raw"))
                .isEqualTo("2\n1\n");
        assertThat(code("read", "orders", "--by", "event_time", "--from", "1")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void cursorIsResetAndSaysWhenItSnapped() throws IOException {
        assertThat(json("cursor", "reset", "billing", "orders", "--position", "2", "-o", "json")
                        .path("next")
                        .asLong())
                .isEqualTo(3);
        assertThat(json("cursor", "reset", "billing", "orders", "--latest", "-o", "json")
                        .path("position")
                        .asLong())
                .isEqualTo(3);
        JsonNode snapped = json("cursor", "reset", "billing", "orders", "--time", "1h", "-o", "json");
        assertThat(snapped.path("snapped").asBoolean()).isTrue();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("4 is next");
        assertThat(code("cursor", "reset", "billing", "orders")).isEqualTo(ExitCode.USAGE);
        assertThat(code("cursor", "reset", "billing", "orders", "--time", "soon"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("--time: 'soon' is not a time")
                .contains("15m ago");
    }

    @Test
    void lagIsShownInEventsBytesAndTime() throws IOException {
        run("cursor", "set", "billing", "orders", "1");
        assertThat(text("lag").lines().skip(1))
                .containsExactly("billing   cursor  orders         1     3       2     20  2h3m");
        JsonNode cursor =
                json("lag", "orders", "--consumer", "billing", "-o", "json").at("/cursors/0");
        assertThat(cursor.path("lag_bytes").asLong()).isEqualTo(20);
        assertThat(cursor.path("lag_seconds").asLong()).isEqualTo(7_400);
    }

    private JsonNode json(String... arguments) throws IOException {
        return Json.MAPPER.readTree(text(arguments));
    }

    private String text(String... arguments) {
        run(arguments);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void run(String... arguments) {
        assertThat(code(arguments)).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.OK);
    }

    private int code(String... arguments) {
        out.reset();
        Map<String, String> env = Map.of(ClusterOptions.ENDPOINTS, cluster.endpoints());
        return Main.run(
                new Console(new ByteArrayInputStream(new byte[0]), out, err, List.of(), Map.of()), env, arguments);
    }
}
