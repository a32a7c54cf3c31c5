package io.eckermann.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.gateway.StoredShard;
import io.eckermann.gateway.Threads;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Appends to several topics, and unique ids, through the door over the real use cases and state machine. */
class SeveralTopicsThroughHttpTest {
    private static final String APPEND = "/v1/append";
    private static final String[] JSON = {"Content-Type", "application/json", "Idempotency-Key", "step-1"};

    private final Threads threads = new Threads();
    private StoredShard store;
    private TestDoor door;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        store = new StoredShard(directory);
        door = new TestDoor(StoredUseCases.of(store, threads));
        for (String topic : new String[] {"orders", "stock"}) {
            assertThat(door.send("PUT", "/v1/topics/" + topic, "").statusCode()).isEqualTo(201);
        }
        door.post("/v1/topics/orders/events", "{\"data\":1}");
    }

    @AfterEach
    void close() {
        door.close();
        threads.close();
        store.close();
    }

    @Test
    void appendsAndCursorsAreDoneTogetherAndARetryIsAnsweredTheSame() {
        String step = "{\"appends\":[{\"topic\":\"orders\",\"events\":[{\"data\":2},{\"data\":3}],"
                + "\"conditions\":[{\"expected_head\":1}]},{\"topic\":\"stock\",\"events\":[{\"data\":\"x\"}]}],"
                + "\"cursors\":[{\"consumer\":\"c\",\"topic\":\"orders\",\"position\":1,\"expected\":0}]}";
        HttpResponse<String> done = door.send("POST", APPEND, step, JSON);
        assertThat(done.statusCode()).as(done.body()).isEqualTo(201);
        JsonNode answer = TestDoor.json(done);
        assertThat(answer.at("/appends/0/topic").asText()).isEqualTo("orders");
        assertThat(answer.at("/appends/0/first").asLong()).isEqualTo(2);
        assertThat(answer.at("/appends/0/head").asLong()).isEqualTo(3);
        assertThat(answer.at("/appends/0/recorded_time").asText()).endsWith("Z");
        assertThat(answer.at("/appends/1/last").asLong()).isEqualTo(1);
        assertThat(answer.at("/cursors/0/position").asLong()).isEqualTo(1);
        assertThat(answer.at("/cursors/0/lag").asLong()).isEqualTo(2);
        assertThat(answer.at("/cursors/0/next").asLong()).isEqualTo(2);
        assertThat(answer.at("/cursors/0/lag_bytes").asLong()).isPositive();
        HttpResponse<String> again = door.send("POST", APPEND, step, JSON);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(TestDoor.json(again).at("/appends/0/first").asLong()).isEqualTo(2);
        assertThat(TestDoor.json(again).get("duplicate").asBoolean()).isTrue();
        AppendRouteTest.problem(
                door.send("POST", APPEND, step.replace("\"x\"", "\"y\""), JSON), 422, "IDEMPOTENCY_KEY_REUSED");
        assertThat(head("stock")).isEqualTo(1);
    }

    @Test
    void refusalNamesTheTopicOfEveryConditionThatDoesNotHold() {
        JsonNode refused = AppendRouteTest.problem(
                door.post(
                        APPEND,
                        "{\"appends\":[{\"topic\":\"orders\",\"events\":[{\"data\":2}],\"conditions\":"
                                + "[{\"expected_head\":1},{\"topic_empty\":true}]},{\"topic\":\"stock\",\"events\":"
                                + "[{\"data\":3}],\"conditions\":[{\"key_version\":{\"key\":\"k\",\"version\":2}}]}]}"),
                412,
                "CONDITION_FAILED");
        assertThat(refused.get("conflicts").toString())
                .isEqualTo(
                        "[{\"topic\":\"orders\",\"condition\":1,\"type\":\"topic_empty\",\"first\":1,\"last\":1,\"actual\":1},"
                                + "{\"topic\":\"stock\",\"condition\":0,\"type\":\"key_version\",\"actual\":0}]");
        assertThat(head("orders")).isEqualTo(1);
        assertThat(head("stock")).isZero();
    }

    @Test
    void lostCursorAndMissingTopicRefuseAllOfIt() {
        String stock =
                "{\"appends\":[{\"topic\":\"stock\",\"events\":[{\"data\":2}]}],\"cursors\":[{\"consumer\":\"c\",";
        JsonNode moved = AppendRouteTest.problem(
                door.post(APPEND, stock + "\"topic\":\"orders\",\"position\":1,\"expected\":1}]}"),
                409,
                "CURSOR_MOVED");
        assertThat(moved.get("consumer").asText()).isEqualTo("c");
        assertThat(moved.get("topic").asText()).isEqualTo("orders");
        JsonNode missing = AppendRouteTest.problem(
                door.post(APPEND, stock + "\"topic\":\"nowhere\",\"position\":1}]}"), 404, "TOPIC_NOT_FOUND");
        assertThat(missing.get("topic").asText()).isEqualTo("nowhere");
        assertThat(head("stock")).isZero();
        HttpResponse<String> alone = door.post(
                APPEND, "{\"cursors\":[{\"consumer\":\"c\",\"topic\":\"orders\",\"position\":1,\"expected\":0}]}");
        assertThat(alone.statusCode()).isEqualTo(200);
    }

    @Test
    void whatCannotBeAppliedIsRefusedNamingTheField() {
        String one = "{\"topic\":\"stock\",\"events\":[{\"data\":2}]}";
        bad("{\"appends\":[" + one + "," + one + "]}", "appends[1].topic");
        bad("{\"appends\":[" + String.join(",", Collections.nCopies(101, one)) + "]}", "appends[100]");
        bad("{\"appends\":[{\"topic\":\"stock\",\"event\":[]}]}", "appends[0].event");
        bad("{\"appends\":[{\"topic\":\"stock\",\"events\":[{\"data\":1,\"dat\":2}]}]}", "appends[0].events[0].dat");
        bad("{\"cursors\":[{\"consumer\":\"c\",\"topic\":\"stock\"}]}", "cursors[0].position");
        String cursor = "{\"consumer\":\"c\",\"topic\":\"stock\",\"position\":0}";
        bad("{\"cursors\":[" + cursor + "," + cursor + "]}", "cursors[1]");
        AppendRouteTest.problem(door.post(APPEND, "{}"), 400, "EMPTY_APPEND");
        AppendRouteTest.problem(
                door.post(APPEND, "{\"appends\":[{\"topic\":\"stock\",\"events\":[]}]}"), 400, "EMPTY_APPEND");
        for (String header : new String[] {"If-Match", "Eckermann-Producer"}) {
            JsonNode refused = AppendRouteTest.problem(
                    door.send(
                            "POST",
                            APPEND,
                            "{\"appends\":[" + one + "]}",
                            "Content-Type",
                            "application/json",
                            header,
                            "1"),
                    400,
                    "BAD_REQUEST");
            assertThat(refused.get("field").asText()).isEqualToIgnoringCase(header);
        }
        assertThat(head("stock")).isZero();
    }

    @Test
    void idsAreUniqueWhereTheTopicSaysSo() {
        HttpResponse<String> created =
                door.send("PUT", "/v1/topics/payments", "{\"unique_ids\":true}", "Content-Type", "application/json");
        assertThat(TestDoor.json(created).at("/settings/unique_ids").asBoolean())
                .as(created.body())
                .isTrue();
        String payments = "/v1/topics/payments/events";
        assertThat(door.post(payments, "{\"id\":\"17\",\"data\":1}").statusCode())
                .isEqualTo(201);
        JsonNode refused = AppendRouteTest.problem(
                door.post(payments, "{\"events\":[{\"data\":1},{\"id\":\"17\",\"data\":1}]}"), 409, "EVENT_ID_EXISTS");
        assertThat(refused.get("id").asText()).isEqualTo("17");
        assertThat(refused.get("position").asLong()).isEqualTo(1);
        assertThat(refused.get("event").asLong()).isEqualTo(2);
        assertThat(refused.get("topic").asText()).isEqualTo("payments");
        bad(door.post(payments, "{\"events\":[{\"id\":\"18\",\"data\":1},{\"id\":\"18\",\"data\":1}]}"), "id");
        assertThat(door.post(payments, "{\"data\":1}").statusCode()).isEqualTo(201);
    }

    @Test
    void doorThatDidNotKnowOfUniqueIdsLooksAgain() {
        String orders = "/v1/topics/orders/events";
        assertThat(door.post(orders, "{\"id\":\"17\",\"data\":1}").statusCode()).isEqualTo(201);
        HttpResponse<String> changed =
                door.send("PATCH", "/v1/topics/orders", "{\"unique_ids\":true}", "Content-Type", "application/json");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(door.post(orders, "{\"id\":\"17\",\"data\":1}").statusCode())
                .as("what was there before is not known")
                .isEqualTo(201);
        JsonNode refused =
                AppendRouteTest.problem(door.post(orders, "{\"id\":\"17\",\"data\":1}"), 409, "EVENT_ID_EXISTS");
        assertThat(refused.get("position").asLong()).isEqualTo(3);
    }

    private void bad(String step, String field) {
        bad(door.post(APPEND, step), field);
    }

    private static void bad(HttpResponse<String> answer, String field) {
        assertThat(AppendRouteTest.problem(answer, 400, "BAD_REQUEST")
                        .get("field")
                        .asText())
                .isEqualTo(field);
    }

    private long head(String topic) {
        return TestDoor.json(door.get("/v1/topics/" + topic + "/head"))
                .get("head")
                .asLong();
    }
}
