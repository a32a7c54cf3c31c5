package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.FakeEndpoints;
import io.eckermann.protocol.v1.StorageView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs against a cluster in memory. */
class VerbsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private FakeEndpoints cluster;

    @TempDir
    private Path directory;

    @BeforeEach
    void startCluster() throws IOException {
        cluster = new FakeEndpoints(3);
        assertThat(run("", "topic", "create", "orders")).isEqualTo(ExitCode.OK);
        out.reset();
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    @Test
    void argumentsAreAppendedTogetherWithTheirAttributes() throws IOException {
        assertThat(run(
                        "",
                        "append",
                        "orders",
                        "{\"a\":1}",
                        "two",
                        "--type",
                        "Paid",
                        "--tag",
                        "x",
                        "--tag",
                        "y",
                        "-o",
                        "json"))
                .isEqualTo(ExitCode.OK);
        assertThat(json().path("first").asLong()).isEqualTo(1);
        assertThat(json().path("last").asLong()).isEqualTo(2);
        List<JsonNode> events = read();
        assertThat(events).hasSize(2);
        assertThat(events.get(0).path("data").path("a").asInt()).isEqualTo(1);
        assertThat(events.get(1).path("type").asText()).isEqualTo("Paid");
        assertThat(events.get(1).path("tags").size()).isEqualTo(2);
    }

    @Test
    void statesAreComparedAndOneThatDiffersIsNamed() throws IOException {
        assertThat(run("", "admin", "digest", "status")).isEqualTo(ExitCode.OK);
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(4)
                .last()
                .asString()
                .matches("n3 +- +- +- +-");
        out.reset();
        assertThat(run("", "admin", "digest")).isEqualTo(ExitCode.OK);
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(4)
                .last()
                .asString()
                .matches("n3 +0 +41 +(cd){8} +agrees");
        out.reset();
        cluster.oneDiffers("n2");
        assertThat(run("", "admin", "digest", "-o", "json")).isEqualTo(ExitCode.ERROR);
        assertThat(json().path("nodes"))
                .extracting(node -> node.path("digests").path(0).path("verdict").asText())
                .containsExactly("agrees", "differs", "agrees");
    }

    @Test
    void schemasAreRegisteredListedShownTriedAndDeleted() throws IOException {
        Path schema = Files.writeString(directory.resolve("paid.json"), "{\"type\":\"object\"}");
        assertThat(run("", "schema", "put", "orders", "Paid", schema.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(run("true", "schema", "put", "orders", "Paid", "-", "-o", "json"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("registered version 1 of Paid in orders")
                .contains("\"version\":2");
        out.reset();
        assertThat(run("", "schema", "list", "orders", "Paid")).isEqualTo(ExitCode.OK);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("VERSION").contains("json-schema");
        out.reset();
        assertThat(run("", "schema", "get", "orders", "Paid", "--version", "1")).isEqualTo(ExitCode.OK);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"type\":\"object\"}\n");
        assertThat(run("{\"type\":\"object\"}", "schema", "check", "orders", "Paid", "-"))
                .isEqualTo(ExitCode.OK);
        assertThat(run("5", "schema", "check", "orders", "Paid", "-")).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("/n: it is another text");
        assertThat(run("", "schema", "delete", "orders", "Paid")).isEqualTo(ExitCode.USAGE);
        assertThat(run("", "schema", "delete", "orders", "Paid", "--yes")).isEqualTo(ExitCode.OK);
        assertThat(run("", "schema", "get", "orders", "Paid")).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(run("", "topic", "update", "orders", "--validate", "sometimes"))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void linesOfStdinArePayloads() throws IOException {
        assertThat(run("one\n\ntwo\r\nthree", "append", "orders")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).isEqualTo("appended 3 events to orders at positions 1 to 3\n");
        assertThat(run("", "read", "orders", "-o", "raw")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).endsWith("one\ntwo\nthree\n");
    }

    @Test
    void whatReadWritesCanBeAppended() throws IOException {
        assertThat(run("", "append", "orders", "{\"a\":1}", "--key", "k")).isEqualTo(ExitCode.OK);
        out.reset();
        assertThat(run("", "read", "orders", "-o", "ndjson")).isEqualTo(ExitCode.OK);
        Path file = Files.writeString(directory.resolve("events.ndjson"), text(out));
        assertThat(run("", "append", "orders", "--file", file.toString())).isEqualTo(ExitCode.OK);
        List<JsonNode> events = read();
        assertThat(events).hasSize(2);
        assertThat(events.get(1).path("key").asText()).isEqualTo("k");
        assertThat(events.get(1).path("data")).isEqualTo(events.get(0).path("data"));
    }

    @Test
    void badLineIsNamedAndNothingBehindItIsAppended() throws IOException {
        String lines = "{\"data\":1}\n{\"data\":2\n{\"data\":3}\n";
        assertThat(run(lines, "append", "orders", "--lines", "json")).isEqualTo(ExitCode.ERROR);
        assertThat(text(err))
                .contains("Line 2: it is not JSON")
                .contains("Appended until then: 1.")
                .hasLineCount(1);
        assertThat(read()).hasSize(1);
    }

    @Test
    void tailShowsTheLastEventsAndEndsAtItsLimit() {
        assertThat(run("1\n2\n3\n", "append", "orders", "-q")).isEqualTo(ExitCode.OK);
        assertThat(run("", "tail", "orders", "--last", "2", "-n", "2", "-o", "raw"))
                .isEqualTo(ExitCode.OK);
        assertThat(text(out)).isEqualTo("2\n3\n");
    }

    @Test
    void consumeCommitsWhatItWroteAndGoesOnBehindIt() {
        assertThat(run("1\n2\n3\n", "append", "orders", "-q")).isEqualTo(ExitCode.OK);
        assertThat(run("", "consume", "orders", "--consumer", "billing", "-n", "2", "-o", "raw"))
                .isEqualTo(ExitCode.OK);
        assertThat(text(out)).isEqualTo("1\n2\n");
        out.reset();
        assertThat(run("", "consume", "orders", "--consumer", "billing", "--no-wait", "-o", "raw"))
                .isEqualTo(ExitCode.OK);
        assertThat(text(out)).isEqualTo("3\n");
        assertThat(run("", "consume", "nowhere", "--consumer", "billing")).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void readAsOneDocumentSaysWhereToGoOn() throws IOException {
        assertThat(run("1\n2\n3\n", "append", "orders", "-q")).isEqualTo(ExitCode.OK);
        assertThat(run("", "read", "orders", "--limit", "2", "-o", "json")).isEqualTo(ExitCode.OK);
        assertThat(json().path("events").size()).isEqualTo(2);
        assertThat(json().path("next").asLong()).isEqualTo(3);
        assertThat(json().path("head").asLong()).isEqualTo(3);
    }

    @Test
    void stepIsReadFromItsArgumentOrFromStdin() throws IOException {
        String step =
                "{\"appends\":[{\"topic\":\"orders\",\"events\":[{\"data\":1},{\"id\":\"2\",\"data_base64\":\"AP8=\"}],"
                        + "\"conditions\":[{\"expected_head\":0},{\"fail_if_events_match\":{\"items\":[{\"tags\":[\"a\"]}]},\"after\":0}]}],"
                        + "\"cursors\":[{\"consumer\":\"billing\",\"topic\":\"orders\",\"position\":7,\"expected\":6}]}";
        assertThat(run("", "step", step)).isEqualTo(ExitCode.OK);
        assertThat(text(out)).isEqualTo("appended to orders at positions 1 to 2; billing is at 7 of orders\n");
        out.reset();
        assertThat(run(step, "step", "--idempotency-key", "k", "-o", "json")).isEqualTo(ExitCode.OK);
        assertThat(json().at("/appends/0/topic").asText()).isEqualTo("orders");
        assertThat(json().at("/appends/0/last").asLong()).isEqualTo(2);
        assertThat(json().at("/cursors/0/position").asLong()).isEqualTo(7);
    }

    @Test
    void wrongStepIsSaidToBeWrong() {
        assertThat(run("", "step", "{\"append\":[]}")).isEqualTo(ExitCode.USAGE);
        assertThat(text(err)).contains("the step has no field append: it has appends, cursors");
        assertThat(run("{", "step")).isEqualTo(ExitCode.USAGE);
        assertThat(run("", "step", "{\"cursors\":[{\"consumer\":\"c\",\"topic\":\"t\"}]}"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(text(err)).contains("position is not a whole number");
        String tooLarge = "{\"cursors\":[{\"consumer\":\"c\",\"topic\":\"t\",\"position\":18446744073709551617}]}";
        assertThat(run("", "step", tooLarge)).isEqualTo(ExitCode.USAGE);
        assertThat(text(err)).contains("position is not a whole number of 64 bits");
    }

    @Test
    void unknownTopicIsNotFound() {
        assertThat(run("", "topic", "show", "nope")).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(text(err)).contains("Create it with: eckermann topic create").hasLineCount(1);
    }

    @Test
    void topicIsDeletedOnlyWhenConfirmed() {
        assertThat(run("", "topic", "delete", "orders")).isEqualTo(ExitCode.USAGE);
        assertThat(text(err)).contains("--yes");
        assertThat(run("", "topic", "delete", "orders", "--yes")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).isEqualTo("deleted orders\n");
    }

    @Test
    void cursorIsSetAndShown() throws IOException {
        assertThat(run("1\n2\n", "append", "orders", "-q")).isEqualTo(ExitCode.OK);
        assertThat(run("", "cursor", "set", "billing", "orders", "1", "-o", "json"))
                .isEqualTo(ExitCode.OK);
        assertThat(json().path("position").asLong()).isEqualTo(1);
        out.reset();
        assertThat(run("", "cursor", "get", "billing", "orders")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).startsWith("CONSUMER").contains("billing");
    }

    @Test
    void clusterStatusShowsEveryNode() throws IOException {
        assertThat(run("", "cluster", "status", "-o", "json")).isEqualTo(ExitCode.OK);
        assertThat(json().path("nodes").size()).isEqualTo(3);
        assertThat(json().path("nodes").path(2).path("load").asDouble()).isEqualTo(0.5);
        out.reset();
        assertThat(run("", "cluster", "status", "-q")).isEqualTo(ExitCode.OK);
        assertThat(text(out).lines().skip(1))
                .hasSize(3)
                .allMatch(line -> line.matches(".* 96\\.0 MiB of 512\\.0 MiB +300\\.0 MiB +0\\.50 +- +-"));
    }

    @Test
    void leadershipOfOneShardIsHandedOnAndEachShardIsShown() throws IOException {
        cluster.lead(List.of(0, 1, 2));
        assertThat(run("", "cluster", "transfer", "n1", "--shard", "2")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).contains("n1 leads");
        out.reset();
        assertThat(run("", "cluster", "status", "-q")).isEqualTo(ExitCode.OK);
        assertThat(text(out).lines().skip(4))
                .containsExactly(
                        "SHARD  LEADER  TERM  n1    n2    n3",
                        "    0  n1         1  7/8   7/8   7/8",
                        "    1  n2         1  8/9   8/9   8/9",
                        "    2  n1         1  9/10  9/10  9/10");
        out.reset();
        assertThat(run("", "cluster", "status", "-o", "json")).isEqualTo(ExitCode.OK);
        JsonNode second = json().path("shards").path(1);
        assertThat(second.path("nodes").path(1).path("role").asText()).isEqualTo("leader");
        assertThat(second.path("nodes").path(2).path("committed").asLong()).isEqualTo(9);
    }

    @Test
    void storageIsRoundedForPeopleAndExactForPrograms() throws IOException {
        StorageView.Builder storage = StorageView.newBuilder()
                .setLogBytes(5_000)
                .setKeptBytes(64L << 20)
                .setPayloadBytes(2 << 20)
                .setDeviceBytes(3 << 20)
                .setWriteAmplification(1.5);
        cluster.storage(storage.build());
        assertThat(run("", "admin", "storage")).isEqualTo(ExitCode.OK);
        assertThat(text(out).lines().skip(1))
                .hasSize(3)
                .allMatch(line ->
                        line.matches("n. +4\\.9 KiB +64\\.0 MiB +- +0 B +0 B +0 B +2\\.0 MiB +3\\.0 MiB +1\\.50"));
        out.reset();
        assertThat(run("", "admin", "storage", "-o", "json")).isEqualTo(ExitCode.OK);
        assertThat(json().path("nodes").path(0).path("log_bytes").asLong()).isEqualTo(5_000);
        out.reset();
        cluster.storage(
                storage.setPayloadBytes(2).setWriteAmplification(202_112).build());
        assertThat(run("", "admin", "storage")).isEqualTo(ExitCode.OK);
        assertThat(text(out).lines().skip(1)).hasSize(3).allMatch(line -> line.endsWith(" -"));
    }

    private List<JsonNode> read() throws IOException {
        out.reset();
        assertThat(run("", "read", "orders", "-o", "json")).isEqualTo(ExitCode.OK);
        List<JsonNode> events = new java.util.ArrayList<>();
        json().path("events").forEach(events::add);
        return events;
    }

    private JsonNode json() throws IOException {
        return Json.MAPPER.readTree(out.toByteArray());
    }

    private int run(String stdin, String... arguments) {
        ByteArrayInputStream in = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
        Map<String, String> env = Map.of(ClusterOptions.ENDPOINTS, cluster.endpoints());
        return Main.run(new Console(in, out, err, List.of(), Map.of()), env, arguments);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
