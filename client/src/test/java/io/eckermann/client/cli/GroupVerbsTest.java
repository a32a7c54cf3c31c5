package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.FakeEndpoints;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the verbs about groups say and ask, against a cluster in memory. */
class GroupVerbsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private FakeEndpoints cluster;

    @BeforeEach
    void startCluster() throws IOException {
        cluster = new FakeEndpoints(1);
        run("topic", "create", "orders");
        run("append", "orders", "one", "two", "three", "four");
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    @Test
    void groupIsMadeWithItsSettingsAndShownWithThem() throws IOException {
        assertThat(text("group", "create", "orders", "mail")).isEqualTo("made mail of orders\n");
        JsonNode made = json(
                "group",
                "create",
                "orders",
                "mail",
                "--by-key",
                "--exclusive",
                "--parked-key-passes",
                "--visibility",
                "90s",
                "--max-attempts",
                "5",
                "--max-in-flight",
                "7",
                "--window",
                "70",
                "--match",
                "type=Paid,Sent tag=a",
                "--match",
                "tag=b",
                "--position",
                "3");
        assertThat(made.path("settings").toString())
                .isEqualTo("{\"ordered\":\"key\",\"exclusive\":true,\"visibility\":\"90s\",\"max_attempts\":5,"
                        + "\"max_in_flight\":7,\"window\":70,\"parked_key\":\"passes\",\"query\":{\"items\":["
                        + "{\"types\":[\"Paid\",\"Sent\"],\"tags\":[\"a\"]},{\"tags\":[\"b\"]}]}}");
        assertThat(made.path("next").asLong()).isEqualTo(3);
        assertThat(json("group", "show", "orders", "mail")).isEqualTo(made);
        assertThat(text("group", "show", "orders", "mail").lines())
                .containsExactly(
                        "TOPIC   GROUP  ORDERED  FLOOR  HEAD  BEHIND  LEASED  WAITING  PARKED  OLDEST",
                        "orders  mail   key          2     4       2       0        0       0  -");
        assertThat(json("group", "create", "orders", "typed", "--type", "Paid", "--latest")
                        .at("/settings/query/items/0/types/0")
                        .asText())
                .isEqualTo("Paid");
    }

    @Test
    void wrongUseSaysWhatIsWrong() {
        run("group", "create", "orders", "mail");
        for (String[] wrong : new String[][] {
            {"group", "create", "orders"},
            {"group", "create", "orders", "x", "--latest", "--position", "3"},
            {"group", "create", "orders", "x", "--match", "tag=a", "--type", "A"},
            {"group", "create", "orders", "x", "--visibility", "soon"},
            {"group", "update", "orders", "mail"},
            {"group", "ack", "orders", "mail"},
            {"group", "ack", "orders", "mail", "first"},
            {"group", "extend", "orders", "mail"}
        }) {
            err.reset();
            assertThat(code(wrong)).as(List.of(wrong).toString()).isEqualTo(ExitCode.USAGE);
            assertThat(said()).as(List.of(wrong).toString()).isNotBlank();
        }
        assertThat(code("group", "show", "orders", "none")).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(code("group", "lease", "orders", "none")).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void leasedEventsAreShownWithTheTokenThatSettlesThem() throws IOException {
        run("group", "create", "orders", "mail");
        assertThat(text("group", "lease", "orders", "mail", "--max", "2"))
                .contains("one", "two")
                .doesNotContain("three");
        assertThat(said()).contains("token 1, until 2027-01-15T08:00:00.000Z", "group ack orders mail 1");
        JsonNode lease = json("group", "lease", "orders", "mail", "--member", "m", "--wait", "1s");
        assertThat(lease.path("events").findValuesAsText("position")).containsExactly("3", "4");
        assertThat(lease.at("/events/0/attempts").asInt()).isEqualTo(1);
        assertThat(lease.path("token").asLong()).isEqualTo(2);
        assertThat(lease.path("until_ns").isTextual()).isTrue();

        assertThat(text("group", "ack", "orders", "mail", "1")).isEqualTo("settled 2\n");
        assertThat(text("group", "nack", "orders", "mail", "2", "3", "--delay", "1s", "--reason", "busy"))
                .isEqualTo("settled 1\n");
        assertThat(json("group", "ack", "orders", "mail", "2", "3", "4").toString())
                .isEqualTo("{\"settled\":1,\"lost\":[3]}");
        assertThat(text("group", "ack", "orders", "mail", "1", "1")).isEqualTo("settled 0, no longer leased: 1\n");

        err.reset();
        assertThat(text("group", "lease", "orders", "mail")).contains("three");
        assertThat(said()).contains("3 is leased for the 2nd time");
        run("group", "ack", "orders", "mail", "3");
        err.reset();
        assertThat(text("group", "lease", "orders", "mail")).isEmpty();
        assertThat(said()).isEqualTo("nothing to lease: nothing new\n");
        assertThat(json("group", "lease", "orders", "mail").toString())
                .isEqualTo("{\"events\":[],\"idle\":\"nothing_new\"}");
    }

    @Test
    void leasesAreExtendedAndLostOnesNamed() throws IOException {
        run("group", "create", "orders", "mail");
        run("group", "lease", "orders", "mail");
        run("group", "lease", "orders", "mail");
        assertThat(said()).contains("nothing to lease: nothing new; leased: 4\n");
        assertThat(text("group", "extend", "orders", "mail", "1", "--visibility", "5m"))
                .isEqualTo("extended 1\n");
        assertThat(text("group", "extend", "orders", "mail", "1", "8", "9"))
                .isEqualTo("extended 1, had ended before: 8, 9\n");
        assertThat(json("group", "extend", "orders", "mail", "8").toString()).isEqualTo("{\"lost\":[8]}");
    }

    @Test
    void parkedEventsAreListedReplayedAndDropped() throws IOException {
        run("group", "create", "orders", "mail");
        run("group", "lease", "orders", "mail");
        assertThat(text("group", "park", "orders", "mail", "1", "2", "3", "4", "--reason", "no paper"))
                .isEqualTo("settled 3\n");
        assertThat(text("group", "parked", "orders", "mail", "--from", "3").lines())
                .containsExactly(
                        "POSITION  KEY  ATTEMPTS  PARKED                    REASON",
                        "       3              1  2023-11-14T22:13:20.000Z  no paper",
                        "       4              1  2023-11-14T22:13:20.000Z  no paper");
        JsonNode parked = json("group", "parked", "orders", "mail").at("/parked/0");
        assertThat(parked.path("reason").asText()).isEqualTo("no paper");
        assertThat(parked.at("/event/position").asLong()).isEqualTo(2);
        assertThat(text("group", "replay", "orders", "mail", "2", "7")).isEqualTo("replayed 1, not parked: 7\n");
        assertThat(text("group", "drop", "orders", "mail", "3")).isEqualTo("dropped 1\n");
        assertThat(json("group", "replay", "orders", "mail").toString())
                .isEqualTo("{\"changed\":1,\"held\":[],\"missing\":[]}");
        assertThat(text("group", "parked", "orders", "mail")).isEqualTo("POSITION  KEY  ATTEMPTS  PARKED  REASON\n");
    }

    @Test
    void groupsAreMovedPausedResumedListedAndDeleted() throws IOException {
        run("group", "create", "orders", "mail");
        run("group", "lease", "orders", "mail", "--max", "1");
        assertThat(text("group", "list").lines().skip(1))
                .containsExactly("orders  mail   none         0     4       4       1        0       0  2h3m");
        assertThat(json("group", "list", "--topic", "none").path("groups")).isEmpty();

        assertThat(text("group", "pause", "orders", "mail")).isEqualTo("paused mail of orders\n");
        assertThat(text("group", "list", "--topic", "orders")).contains("mail (paused)");
        assertThat(json("group", "lease", "orders", "mail").path("idle").asText())
                .isEqualTo("paused");
        assertThat(text("group", "resume", "orders", "mail")).isEqualTo("resumed mail of orders\n");

        assertThat(json("group", "seek", "orders", "mail", "--position", "4", "--drop-parked")
                        .path("next")
                        .asLong())
                .isEqualTo(4);
        assertThat(text("group", "seek", "orders", "mail")).isEqualTo("moved mail of orders\n");
        JsonNode changed = json("group", "update", "orders", "mail", "--max-attempts", "3", "--visibility", "1m");
        assertThat(changed.at("/settings/max_attempts").asInt()).isEqualTo(3);
        assertThat(changed.at("/settings/visibility").asText()).isEqualTo("1m");

        assertThat(text("group", "delete", "orders", "mail")).isEqualTo("deleted mail of orders\n");
        assertThat(code("group", "show", "orders", "mail")).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void lagShowsGroupsBesideCursors() throws IOException {
        run("group", "create", "orders", "mail");
        run("cursor", "set", "billing", "orders", "1");
        assertThat(text("lag", "orders").lines())
                .containsExactly(
                        "CONSUMER  KIND    TOPIC   POSITION  HEAD  EVENTS  BYTES  BEHIND",
                        "billing   cursor  orders         1     4       3     30  3h5m",
                        "mail      group   orders         0     4       4     40  0s");
        assertThat(json("lag", "--consumer", "mail").toString())
                .startsWith("{\"cursors\":[")
                .contains("\"groups\":[{\"name\":\"mail\"", "\"behind_bytes\":40");
    }

    private JsonNode json(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-o", "json"));
        return Json.MAPPER.readTree(text(all.toArray(String[]::new)));
    }

    private String text(String... arguments) {
        run(arguments);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void run(String... arguments) {
        assertThat(code(arguments)).as(said()).isEqualTo(ExitCode.OK);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private int code(String... arguments) {
        out.reset();
        Map<String, String> env = Map.of(ClusterOptions.ENDPOINTS, cluster.endpoints());
        return Main.run(
                new Console(new ByteArrayInputStream(new byte[0]), out, err, List.of(), Map.of()), env, arguments);
    }
}
