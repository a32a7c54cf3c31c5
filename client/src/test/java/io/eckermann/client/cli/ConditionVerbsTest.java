package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.FakeEndpoints;
import io.eckermann.protocol.Conflict;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.ExplainResponse;
import io.eckermann.protocol.v1.IndexRange;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.ReadRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conditions and queries as they are said on the command line. */
class ConditionVerbsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private FakeEndpoints cluster;

    @BeforeEach
    void startCluster() throws IOException {
        cluster = new FakeEndpoints(1);
        assertThat(run("topic", "create", "orders")).isEqualTo(ExitCode.OK);
        assertThat(run("append", "orders", "{}", "{}", "{}", "--type", "Paid")).isEqualTo(ExitCode.OK);
        out.reset();
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    @Test
    void itemsAreAlternativesOfOneConditionAndTheOthersStandBesideIt() {
        assertThat(run(
                        "append",
                        "orders",
                        "{}",
                        "--if-head",
                        "3",
                        "--if-absent",
                        "order-9",
                        "--fail-if-match",
                        "type=A,B tag=x tag=y",
                        "--fail-if-match",
                        "tag=with\\ space,and\\,comma",
                        "--after",
                        "2",
                        "--fence",
                        "writer=7"))
                .isEqualTo(ExitCode.OK);
        List<Condition> conditions = cluster.lastConditional().getConditionsList();
        assertThat(conditions)
                .extracting(Condition::getKindCase)
                .containsExactly(
                        Condition.KindCase.EXPECTED_HEAD,
                        Condition.KindCase.KEY_ABSENT,
                        Condition.KindCase.FAIL_IF_EVENTS_MATCH,
                        Condition.KindCase.FENCE);
        assertThat(conditions.get(1).getKeyAbsent()).isEqualTo("order-9");
        assertThat(conditions.get(2).getFailIfEventsMatch().getAfter()).isEqualTo(2);
        assertThat(items(conditions.get(2).getFailIfEventsMatch().getQuery()))
                .containsExactly("[A, B] [x, y]", "[] [with space,and,comma]");
        assertThat(conditions.get(3).getFence().getName()).isEqualTo("writer");
        assertThat(conditions.get(3).getFence().getToken()).isEqualTo(7);
    }

    @Test
    void refusalOfAStepNamesTheTopicOfEachCondition() {
        cluster.refuse(
                0, new Conflict("orders", 1, "expected_head", 3, 3, 3), new Conflict("stock", 0, "fence", 0, 0, 9));

        assertThat(run("step", "{\"appends\":[{\"topic\":\"orders\",\"events\":[{\"data\":1}]}]}"))
                .isEqualTo(ExitCode.CONFLICT);

        assertThat(text(err))
                .isEqualTo(
                        "eckermann: Nothing was done: condition 1 (expected_head) of orders does not hold, the head is 3"
                                + " because of event 3 (Paid); condition 0 (fence) of stock does not hold, the token is 9.\n");
    }

    @Test
    void refusalIsOneSentenceForEachConditionAndNamesEventsWithTheirTypes() {
        cluster.refuse(
                3,
                new Conflict(0, "expected_head", 2, 3, 3),
                new Conflict(2, "fail_if_events_match", 3, 3, -1),
                new Conflict(3, "fence", 0, 0, 9));
        assertThat(run(
                        "append",
                        "orders",
                        "{}",
                        "--if-head",
                        "1",
                        "--if-version",
                        "k=0",
                        "--fail-if-match",
                        "any",
                        "--after",
                        "1",
                        "--fence",
                        "writer=7"))
                .isEqualTo(ExitCode.CONFLICT);
        assertThat(text(err))
                .isEqualTo("eckermann: Nothing was appended: --if-head 1 does not hold, the head is 3 because of events"
                        + " from 2 (Paid) to 3 (Paid); --fail-if-match --after 1 does not hold because of event 3"
                        + " (Paid); --fence writer=7 does not hold, the token is 9. The head of orders is 3.\n");
    }

    @Test
    void readAndTailTakeTheSameFilters() {
        List<String> filter = List.of("--match", "type=A tag=x", "--match", "tag=y", "--key", "k");
        for (List<String> verb : List.of(List.of("read", "orders"), List.of("tail", "orders", "-n", "1"))) {
            assertThat(run(Stream.concat(verb.stream(), filter.stream()).toArray(String[]::new)))
                    .isEqualTo(ExitCode.OK);
            ReadRequest asked = cluster.lastRead();
            assertThat(items(asked.getQuery())).containsExactly("[A] [x]", "[] [y]");
            assertThat(asked.getKey()).isEqualTo("k");
            assertThat(asked.getFollow()).isEqualTo(verb.contains("tail"));
        }
    }

    @Test
    void readOfAKeyTellsItsVersion() throws IOException {
        assertThat(run("read", "orders", "--key", "k")).isEqualTo(ExitCode.OK);
        assertThat(text(err)).contains("the key's version is 3").hasLineCount(1);
        out.reset();
        assertThat(run("read", "orders", "--key", "k", "-o", "json")).isEqualTo(ExitCode.OK);
        assertThat(json().path("key_version").asLong()).isEqualTo(3);
    }

    @Test
    void explanationShowsEachTermOfTheQuery() throws IOException {
        cluster.explain(ExplainResponse.newBuilder()
                .addRanges(IndexRange.newBuilder()
                        .setItem(-1)
                        .setKind("key")
                        .setText("k")
                        .setRows(2)
                        .setEvents(5)
                        .setCountedAll(true))
                .addRanges(IndexRange.newBuilder()
                        .setKind("tag")
                        .setText("x")
                        .setRows(10_000)
                        .setEvents(70_000))
                .setHead(80_000)
                .build());
        assertThat(run("explain", "orders", "--tag", "x", "--key", "k")).isEqualTo(ExitCode.OK);
        assertThat(text(out).lines().map(line -> line.replaceAll(" +", " ").strip()))
                .containsExactly("ITEM KIND TEXT ROWS EVENTS", "all key k 2 5", "1 tag x 10000+ 70000+");
        assertThat(text(err)).isEqualTo("the head is 80000\n");
        out.reset();
        assertThat(run("explain", "orders", "--tag", "x", "--key", "k", "-o", "json"))
                .isEqualTo(ExitCode.OK);
        assertThat(json().path("ranges").path(1).path("tag").asText()).isEqualTo("x");
        assertThat(json().path("head").asLong()).isEqualTo(80_000);
    }

    private static List<String> items(Query query) {
        return query.getItemsList().stream()
                .map(item -> item.getTypesList() + " " + item.getTagsList())
                .toList();
    }

    private JsonNode json() throws IOException {
        return Json.MAPPER.readTree(out.toByteArray());
    }

    private int run(String... arguments) {
        Console console = new Console(new ByteArrayInputStream(new byte[0]), out, err, List.of(), Map.of());
        return Main.run(console, Map.of(ClusterOptions.ENDPOINTS, cluster.endpoints()), arguments);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
