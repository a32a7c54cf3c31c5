package io.eckermann.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.gateway.AppliedBodies;
import io.eckermann.gateway.ReadBarrier;
import io.eckermann.gateway.Shard;
import io.eckermann.gateway.WriteRoute;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.cursors.CursorHandler;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.schemas.SchemaHandler;
import io.eckermann.gateway.topics.EventHandler;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.CommandBuilder;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.UnreadableCommandException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The door over the real use cases and a real state machine; only Raft is left out. */
class StoreThroughHttpTest {
    private static final String EVENTS = "/v1/topics/quotes/events";

    private final ExecutorService reads = Executors.newFixedThreadPool(2);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AppliedBodies bodies = new AppliedBodies();
    private StateMachine machine;
    private TestDoor door;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        machine = StateMachine.open(directory);
        machine.attach(bodies);
        WriteRoute writes = (operation, timeout) -> CompletableFuture.completedFuture(applied(operation));
        ReadBarrier barrier = timeout -> machine.whenVisible(machine.applied().index());
        Shard shard = new Shard(machine.view(), machine.headSignal(), writes, barrier);
        door = new TestDoor(new UseCases.Handlers(
                new AppendHandler(shard, reads, Idempotency.USUAL),
                new ReadHandler(shard, reads, reads, timer),
                new TopicHandler(shard, reads),
                new EventHandler(shard, reads),
                new CursorHandler(shard, reads, Clock.systemUTC()),
                new FakeUseCases().groups(),
                new FakeUseCases().webhooks(),
                new FakeUseCases(),
                new FakeUseCases()::scavenge,
                new SchemaHandler(shard, reads),
                new FakeUseCases().access()));
        assertThat(door.send("PUT", "/v1/topics/quotes", "").statusCode()).isEqualTo(201);
    }

    @AfterEach
    void close() {
        door.close();
        reads.shutdownNow();
        timer.shutdownNow();
        machine.close();
    }

    @Test
    void whatIsAppendedIsReadInAllFormats() {
        JsonNode appended = TestDoor.json(
                door.post(
                        EVENTS,
                        "{\"events\":[{\"type\":\"Said\",\"data\":{\"w\":\"light\"}},{\"data_base64\":\"AP8=\"},{\"data\":3}]}"));
        assertThat(appended.get("first").asLong()).isEqualTo(1);
        assertThat(appended.get("head").asLong()).isEqualTo(3);
        JsonNode page = TestDoor.json(door.get(EVENTS + "?limit=2"));
        assertThat(page.at("/events/0/data/w").asText()).isEqualTo("light");
        assertThat(page.at("/events/1/data_base64").asText()).isEqualTo("AP8=");
        assertThat(page.get("next").asLong()).isEqualTo(3);
        assertThat(page.get("caught_up").asBoolean()).isFalse();
        JsonNode rest = TestDoor.json(door.get(EVENTS + "?from=3"));
        assertThat(rest.get("events")).hasSize(1);
        assertThat(rest.get("caught_up").asBoolean()).isTrue();
        assertThat(door.get(EVENTS, "Accept", "application/x-ndjson").body().lines())
                .hasSize(3);
        assertThat(TestDoor.json(door.get(EVENTS + "/3")).get("data").asInt()).isEqualTo(3);
        AppendRouteTest.problem(door.get(EVENTS + "/4"), 404, "EVENT_NOT_FOUND");
        JsonNode backward = TestDoor.json(door.get(EVENTS + "?direction=backward&limit=2"));
        assertThat(backward.at("/events/0/position").asLong()).isEqualTo(3);
        assertThat(backward.get("next").asLong()).isEqualTo(1);
        JsonNode atTime = TestDoor.json(
                door.get(EVENTS + "?time=" + page.at("/events/1/recorded_ns").asText() + "&limit=1"));
        assertThat(atTime.at("/events/0/position").asLong()).isEqualTo(2);
        assertThat(TestDoor.json(door.get(EVENTS + "?from=9")).get("snapped").asBoolean())
                .isTrue();
    }

    @Test
    void aRetryIsADuplicateAndAnotherBodyIsRefused() {
        String[] headers = {"Content-Type", "text/plain", "Eckermann-Producer", "p", "Eckermann-Sequence", "1"};
        assertThat(door.send("POST", EVENTS, "a", headers).statusCode()).isEqualTo(201);
        HttpResponse<String> retried = door.send("POST", EVENTS, "a", headers);
        assertThat(retried.statusCode()).isEqualTo(200);
        assertThat(TestDoor.json(retried).get("duplicate").asBoolean()).isTrue();
        AppendRouteTest.problem(door.send("POST", EVENTS, "b", headers), 422, "SEQUENCE_REUSED");
        AppendRouteTest.problem(door.post(EVENTS, "{\"events\":[]}"), 400, "EMPTY_APPEND");
        AppendRouteTest.problem(door.post("/v1/topics/nowhere/events", "{\"data\":1}"), 404, "TOPIC_NOT_FOUND");
        AppendRouteTest.problem(
                door.send("POST", EVENTS, "x".repeat(1_100_000), "Content-Type", "text/plain"), 413, "EVENT_TOO_LARGE");
    }

    @Test
    void refusalTellsOfEveryConditionThatDoesNotHold() {
        door.post(
                EVENTS,
                "{\"events\":[{\"type\":\"Said\",\"key\":\"k\",\"tags\":[\"a\",\"b\"],\"data\":1},{\"tags\":[\"b\"],\"data\":2}]}");
        String conditions =
                "[{\"expected_head\":1},{\"key_version\":{\"key\":\"k\",\"version\":1}},{\"key_absent\":\"k\"},"
                        + "{\"fail_if_events_match\":{\"items\":[{\"types\":[\"Said\"],\"tags\":[\"a\"]},{\"tags\":[\"b\"]}]},\"after\":1},"
                        + "{\"fail_if_events_match\":null,\"after\":2},{\"fence\":{\"name\":\"f\",\"token\":1}}]";
        JsonNode refused = AppendRouteTest.problem(
                door.post(EVENTS, "{\"data\":3,\"conditions\":" + conditions + "}"), 412, "CONDITION_FAILED");
        assertThat(refused.get("head").asLong()).isEqualTo(2);
        assertThat(refused.get("conflicts").toString())
                .isEqualTo("[{\"condition\":0,\"type\":\"expected_head\",\"first\":2,\"last\":2,\"actual\":2},"
                        + "{\"condition\":2,\"type\":\"key_absent\",\"first\":1,\"last\":1,\"actual\":1},"
                        + "{\"condition\":3,\"type\":\"fail_if_events_match\",\"first\":2,\"last\":2}]");
        assertThat(TestDoor.json(door.get("/v1/topics/quotes/head")).get("head").asLong())
                .isEqualTo(2);
    }

    @Test
    void preconditionHeadersAreConditions() {
        String[] first = {"Content-Type", "text/plain", "If-None-Match", "*"};
        assertThat(door.send("POST", EVENTS, "a", first).statusCode()).isEqualTo(201);
        AppendRouteTest.problem(door.send("POST", EVENTS, "a", first), 412, "CONDITION_FAILED");
        String[] next = {"Content-Type", "text/plain", "If-Match", "\"1\""};
        HttpResponse<String> accepted = door.send("POST", EVENTS, "b", next);
        assertThat(accepted.headers().firstValue("ETag")).contains("\"2\"");
        AppendRouteTest.problem(door.send("POST", EVENTS, "b", next), 412, "CONDITION_FAILED");
    }

    @Test
    void idempotencyKeyMakesARetrySafe() {
        String[] headers = {"Content-Type", "text/plain", "Idempotency-Key", "\"8e03978e\"", "If-None-Match", "*"};
        assertThat(door.send("POST", EVENTS, "a", headers).statusCode()).isEqualTo(201);
        HttpResponse<String> retried = door.send("POST", EVENTS, "a", headers);
        assertThat(retried.statusCode()).isEqualTo(200);
        assertThat(retried.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(TestDoor.json(retried).get("first").asLong()).isEqualTo(1);
        AppendRouteTest.problem(door.send("POST", EVENTS, "b", headers), 422, "IDEMPOTENCY_KEY_REUSED");
    }

    @Test
    void badConditionsAreRefusedAndTheFieldIsNamed() {
        badField("[{\"fail_if_events_match\":{\"items\":[{}]}}]", "conditions[0].fail_if_events_match.items[0]");
        badField("[{\"fail_if_events_match\":{\"items\":[]}}]", "conditions[0].fail_if_events_match.items");
        badField("[{\"fail_if_events_match\":null,\"after\":9}]", "conditions[0].after");
        badField("[{\"topic_empty\":false}]", "conditions[0].topic_empty");
        badField("[{}]", "conditions[0]");
        badField("[{\"expected_head\":1,\"key_absent\":\"k\"}]", "conditions[0].key_absent");
        String item = "{\"tags\":[\"t\"]}";
        badField(
                "[{\"fail_if_events_match\":{\"items\":[" + (item + ",").repeat(100) + item + "]}}]",
                "conditions[0].fail_if_events_match.items[100]");
        badField(
                "[{\"fail_if_events_match\":{\"items\":[{\"tags\":[" + "\"t\",".repeat(1_000) + "\"t\"]}]}}]",
                "conditions[0].fail_if_events_match.items[0]");
        JsonNode tag = AppendRouteTest.problem(
                door.post(EVENTS, "{\"data\":1,\"tags\":[\"" + "x".repeat(257) + "\"]}"), 400, "BAD_REQUEST");
        assertThat(tag.get("field").asText()).isEqualTo("tags");
    }

    private void badField(String conditions, String field) {
        JsonNode problem = AppendRouteTest.problem(
                door.post(EVENTS, "{\"data\":1,\"conditions\":" + conditions + "}"), 400, "BAD_REQUEST");
        assertThat(problem.get("field").asText()).isEqualTo(field);
    }

    @Test
    void eventsAreFoundByTypeTagAndKey() {
        door.post(
                EVENTS,
                "{\"events\":[{\"type\":\"A\",\"key\":\"k\",\"tags\":[\"x\",\"y\"],\"data\":1},{\"type\":\"B\",\"key\":\"k\",\"tags\":[\"x\"],\"data\":2}]}");
        door.post(
                EVENTS,
                "{\"events\":[{\"type\":\"C\",\"data\":3},{\"type\":\"A\",\"key\":\"l\",\"tags\":[\"x\"],\"data\":4}]}");
        assertThat(found("?type=A&type=B")).containsExactly(1L, 2L, 4L);
        assertThat(found("?type=A&tag=x&tag=y")).containsExactly(1L);
        assertThat(found("?tag=x&direction=backward")).containsExactly(4L, 2L, 1L);
        assertThat(found("?tag=x&last=2")).containsExactly(2L, 4L);
        assertThat(found("?tag=x&last=2&direction=backward")).containsExactly(4L, 2L);
        assertThat(found("?tag=x&after=1&limit=1")).containsExactly(2L);
        assertThat(found("?tag=x&to=3")).containsExactly(1L, 2L);
        assertThat(
                        found(
                                "?query=%7B%22items%22%3A%5B%7B%22types%22%3A%5B%22C%22%5D%7D%2C%7B%22tags%22%3A%5B%22y%22%5D%7D%5D%7D"))
                .containsExactly(1L, 3L);
        JsonNode ofKey = TestDoor.json(door.get(EVENTS + "?key=k"));
        assertThat(ofKey.get("key_version").asLong()).isEqualTo(2);
        assertThat(ofKey.get("head").asLong()).isEqualTo(4);
        assertThat(ofKey.get("next").asLong()).isEqualTo(5);
        assertThat(found("?key=k&last=1")).containsExactly(2L);
        assertThat(TestDoor.json(door.get("/v1/topics/quotes/keys/k")).toString())
                .isEqualTo("{\"key\":\"k\",\"version\":2,\"last\":2,\"head\":4}");
        assertThat(door.get(EVENTS + "?tag=x", "Accept", "application/x-ndjson")
                        .body()
                        .lines())
                .hasSize(3);
        assertThat(found("?tag=z")).isEmpty();
        assertThat(TestDoor.json(door.get("/v1/topics/quotes/explain?type=A&tag=x&key=k&after=1"))
                        .toString())
                .isEqualTo("{\"ranges\":[{\"key\":\"k\",\"rows\":1,\"events\":2,\"counted_all\":true},"
                        + "{\"item\":0,\"type\":\"A\",\"rows\":1,\"events\":1,\"counted_all\":true},"
                        + "{\"item\":0,\"tag\":\"x\",\"rows\":2,\"events\":3,\"counted_all\":true}],\"head\":4}");
    }

    private List<Long> found(String query) {
        List<Long> positions = new ArrayList<>();
        TestDoor.json(door.get(EVENTS + query))
                .get("events")
                .forEach(event -> positions.add(event.get("position").asLong()));
        return positions;
    }

    @Test
    void cursorsGoWithTheirTopic() {
        door.post(EVENTS, "{\"events\":[{\"data\":1},{\"data\":2}]}");
        String cursor = "/v1/cursors/reader/quotes";
        AppendRouteTest.problem(door.get(cursor), 404, "CURSOR_NOT_FOUND");
        String[] json = {"Content-Type", "application/json"};
        JsonNode committed = TestDoor.json(door.send("PUT", cursor, "{\"position\":1}", json));
        assertThat(committed.get("lag").asLong()).isEqualTo(1);
        AppendRouteTest.problem(door.send("PUT", cursor, "{\"position\":0}", json), 409, "CURSOR_WOULD_REWIND");
        AppendRouteTest.problem(door.send("PUT", cursor, "{\"position\":3}", json), 400, "CURSOR_BEYOND_HEAD");
        JsonNode moved = AppendRouteTest.problem(
                door.send("PUT", cursor, "{\"position\":2,\"expected\":0}", json), 409, "CURSOR_MOVED");
        assertThat(moved.get("position").asLong()).isEqualTo(1);
        assertThat(TestDoor.json(door.get(EVENTS + "?cursor=reader"))
                        .at("/events/0/data")
                        .asInt())
                .isEqualTo(2);
        assertThat(door.send("DELETE", "/v1/topics/quotes", "").statusCode()).isEqualTo(204);
        AppendRouteTest.problem(door.get(cursor), 404, "TOPIC_NOT_FOUND");
    }

    @Test
    void longPollAndServerSentEventsSeeWhatComesLater() throws IOException {
        CompletableFuture<HttpResponse<String>> poll =
                CompletableFuture.supplyAsync(() -> door.get(EVENTS + "?after=0&wait=60"), threads());
        HttpResponse<InputStream> live =
                door.send(door.request(EVENTS, "Accept", "text/event-stream").build(), BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(live.body(), StandardCharsets.UTF_8))) {
            List<String> seen = new ArrayList<>();
            while (!seen.contains("event: caught-up")) {
                seen.add(lines.readLine());
            }
            door.post(EVENTS, "{\"data\":\"later\"}");
            while (!seen.contains("id: 1")) {
                seen.add(lines.readLine());
            }
            assertThat(lines.readLine()).isEqualTo("event: event");
            assertThat(lines.readLine()).startsWith("data: {\"position\":1,").contains("\"data\":\"later\"");
        }
        JsonNode page = TestDoor.json(poll.join());
        assertThat(page.get("events")).hasSize(1);
        assertThat(page.get("next").asLong()).isEqualTo(2);
        JsonNode empty = TestDoor.json(door.get(EVENTS + "?after=1&wait=1s"));
        assertThat(empty.get("events")).isEmpty();
        assertThat(empty.get("next").asLong()).isEqualTo(2);
        assertThat(empty.get("caught_up").asBoolean()).isTrue();
    }

    @Test
    void contradictionsOnlyTheStoreKnowsAreRefusedToo() {
        AppendRouteTest.problem(door.get(EVENTS + "?from=5&to=3"), 400, "BAD_REQUEST");
        AppendRouteTest.problem(door.get(EVENTS + "?since=2026-05-04&until=2026-05-03"), 400, "BAD_REQUEST");
        AppendRouteTest.problem(door.get("/v1/topics/_system"), 400, "BAD_TOPIC_NAME");
    }

    private static Executor threads() {
        return runnable -> {
            Thread thread = new Thread(runnable, "long-poll");
            thread.setDaemon(true);
            thread.start();
        };
    }

    private synchronized Result applied(Operation operation) {
        CommandBuilder command = new CommandBuilder();
        int slot = command.add(operation);
        CommandBuilder.Built built = command.build(FakeUseCases.RECORDED_NS);
        try {
            RaftIndex at = new RaftIndex(1, machine.applied().index() + 1);
            Command decoded = CommandCodec.decode(built.bytes());
            bodies.add(at.index(), decoded);
            List<Result> results = machine.apply(at, decoded);
            machine.whenVisible(at.index()).join();
            return results.get(built.slots().get(slot));
        } catch (UnreadableCommandException e) {
            throw new AssertionError(e);
        }
    }
}
