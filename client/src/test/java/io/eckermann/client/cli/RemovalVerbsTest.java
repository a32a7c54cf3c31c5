package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.FakeEndpoints;
import io.eckermann.client.TopicSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The verbs that remove events, and say which to keep, against a cluster in memory. */
class RemovalVerbsTest {
    private static FakeEndpoints cluster;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void startCluster() throws IOException {
        cluster = new FakeEndpoints(3);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void fill() {
        run("topic", "delete", "orders", "--yes");
        assertThat(run("topic", "create", "orders")).isEqualTo(ExitCode.OK);
        assertThat(run("append", "orders", "one", "two", "three", "-q")).isEqualTo(ExitCode.OK);
        out.reset();
        err.reset();
    }

    @Test
    void whatIsNamedChangesAndTheRestStays() throws IOException {
        assertThat(run("topic", "update", "orders", "--retain-age", "7d", "--retain-bytes", "2MiB"))
                .isEqualTo(ExitCode.OK);
        assertThat(text(out)).isEqualTo("changed orders\n");
        JsonNode settings = json("topic", "update", "orders", "--retain-events", "5", "--compact-keys", "on")
                .path("settings");
        assertThat(settings.path("retain_age").asText()).isEqualTo("7d");
        assertThat(settings.path("retain_bytes").asLong()).isEqualTo(2 << 20);
        assertThat(settings.path("retain_events").asLong()).isEqualTo(5);
        assertThat(settings.path("compact_keys").asBoolean()).isTrue();
        out.reset();
        assertThat(run("topic", "show", "orders")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).contains("retain age       7d\n", "retain events    5\n", "compact keys     on\n");
        settings = json("topic", "update", "orders", "--retain-age", "none", "--compact-keys", "off")
                .path("settings");
        assertThat(settings.has("retain_age") || settings.has("compact_keys")).isFalse();
        assertThat(settings.path("retain_events").asLong()).isEqualTo(5);
    }

    @Test
    void aTopicMayBeMadeWithBounds() throws IOException {
        run("topic", "delete", "orders", "--yes");
        JsonNode settings = json("topic", "create", "orders", "--retain-events", "9", "--compact-keys", "on")
                .path("settings");
        assertThat(settings.path("retain_events").asLong()).isEqualTo(9);
        assertThat(settings.path("compact_keys").asBoolean()).isTrue();
    }

    @Test
    void everybodyMayReadATopicThatSaysSo() throws IOException {
        assertThat(run("topic", "update", "orders", "--anonymous-read", "on")).isEqualTo(ExitCode.OK);
        out.reset();
        assertThat(run("topic", "show", "orders")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).contains("anonymous read   on\n");
        assertThat(json("topic", "show", "orders")
                        .path("settings")
                        .path("anonymous_read")
                        .asBoolean())
                .isTrue();
        assertThat(json("topic", "update", "orders", "--anonymous-read", "off")
                        .path("settings")
                        .has("anonymous_read"))
                .isFalse();
        run("topic", "delete", "orders", "--yes");
        assertThat(json("topic", "create", "orders", "--anonymous-read", "on")
                        .path("settings")
                        .path("anonymous_read")
                        .asBoolean())
                .isTrue();
        TopicSettings settings = TopicSettings.DEFAULTS.withAnonymousRead(true);
        assertThat(settings.anonymousRead()).isTrue();
        assertThat(settings.withAnonymousRead(false)).isEqualTo(TopicSettings.DEFAULTS);
    }

    @Test
    void changesThatMeanNothingAreWrongUse() {
        for (String[] wrong : new String[][] {
            {"topic", "update", "orders"},
            {"topic", "update", "orders", "--compact-keys", "perhaps"},
            {"topic", "update", "orders", "--retain-bytes", "0"},
            {"topic", "truncate", "orders"},
            {"topic", "truncate", "orders", "--before", "2", "--before-time", "1d"},
            {"topic", "delete-event", "orders", "2"},
            {"admin", "scavenge", "sometimes"}
        }) {
            assertThat(run(wrong)).as(List.of(wrong).toString()).isEqualTo(ExitCode.USAGE);
        }
    }

    @Test
    void truncationTellsWhereTheTopicBegins() throws IOException {
        assertThat(run("topic", "truncate", "orders", "--before", "3")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).isEqualTo("orders begins at 3\n");
        JsonNode bounds = json("topic", "truncate", "orders", "--before-time", "2026-01-01");
        assertThat(bounds.path("first").asLong()).isEqualTo(4);
        assertThat(bounds.path("head").asLong()).isEqualTo(3);
        out.reset();
        assertThat(run("topic", "truncate", "orders", "--before", "4")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).isEqualTo("orders is empty and goes on at 4\n");
        assertThat(run("topic", "truncate", "orders", "--before", "5")).isNotEqualTo(ExitCode.OK);
        assertThat(text(err)).hasLineCount(1);
    }

    @Test
    void deletedEventIsSaidToBeSo() throws IOException {
        assertThat(run("topic", "delete-event", "orders", "2", "--yes")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).isEqualTo("deleted orders 2\n");
        out.reset();
        assertThat(run("topic", "delete-event", "orders", "2", "--yes")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).isEqualTo("was deleted before: orders 2\n");
        JsonNode events = json("read", "orders").path("events");
        assertThat(events.path(1).path("deleted").asBoolean()).isTrue();
        assertThat(events.path(1).has("data")).isFalse();
        assertThat(events.path(2).has("deleted")).isFalse();
        assertThat(run("topic", "delete-event", "orders", "9", "--yes")).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void scavengersAreStoppedStartedAndShown() throws IOException {
        assertThat(run("admin", "scavenge", "stop")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).isEqualTo("stopped on n1, n2, n3\n");
        assertThat(json("admin", "scavenge", "start", "--node", "n2").path("nodes"))
                .extracting(JsonNode::asText)
                .containsExactly("n2");
        assertThat(json("admin", "scavenge").path("nodes"))
                .extracting(node -> node.path("scavenge").path("state").asText())
                .containsExactly("stopped", "running", "stopped");
        out.reset();
        assertThat(run("admin", "scavenge", "status", "--node", "n2")).isEqualTo(ExitCode.OK);
        assertThat(text(out).lines()).hasSize(2).last().asString().matches("n2 +running +3.0 MiB +1/2 +1.0 MiB");
        assertThat(run("admin", "scavenge", "start", "-q")).isEqualTo(ExitCode.OK);
    }

    private JsonNode json(String... arguments) throws IOException {
        out.reset();
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "-o";
        all[arguments.length + 1] = "json";
        assertThat(run(all)).as(text(err)).isEqualTo(ExitCode.OK);
        return Json.MAPPER.readTree(out.toByteArray());
    }

    private int run(String... arguments) {
        Map<String, String> env = Map.of(ClusterOptions.ENDPOINTS, cluster.endpoints());
        return Main.run(
                new Console(new ByteArrayInputStream(new byte[0]), out, err, List.of(), Map.of()), env, arguments);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
