package io.eckermann.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.gateway.StoredShard;
import io.eckermann.gateway.Threads;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.cursors.CursorHandler;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.schemas.SchemaHandler;
import io.eckermann.gateway.topics.EventHandler;
import io.eckermann.gateway.topics.TopicHandler;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Times of all kinds at the HTTP door, over the real use cases and a real state machine. */
class TimeThroughHttpTest {
    private static final String EVENTS = "/v1/topics/quotes/events";
    private static final String CURSOR = "/v1/cursors/audit/quotes";
    private static final Clock LATER = Clock.fixed(Instant.parse("2026-05-03T13:00:00Z"), ZoneOffset.UTC);

    private final Threads threads = new Threads();
    private StoredShard stored;
    private TestDoor door;

    /** Five events: two at 10:00, one at 10:30, one at 12:00, one the next day. */
    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        stored = new StoredShard(directory);
        door = new TestDoor(new UseCases.Handlers(
                new AppendHandler(stored.shard(), threads.reads, Idempotency.USUAL),
                new ReadHandler(stored.shard(), threads.reads, threads.reads, threads.timer),
                new TopicHandler(stored.shard(), threads.reads),
                new EventHandler(stored.shard(), threads.reads),
                new CursorHandler(stored.shard(), threads.reads, LATER),
                new FakeUseCases().groups(),
                new FakeUseCases().webhooks(),
                new FakeUseCases(),
                new FakeUseCases()::scavenge,
                new SchemaHandler(stored.shard(), threads.reads),
                new FakeUseCases().access()));
        String settings = "{\"index_event_time\":true,\"timeline_slots\":[\"1d\",\"1h\"]}";
        assertThat(door.send("PUT", "/v1/topics/quotes", settings, "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(201);
        append("2026-05-03T10:00:00Z", "2020-01-02", "2020-01-01");
        append("2026-05-03T10:30:00Z", "2020-01-03");
        append("2026-05-03T12:00:00Z", "1969-01-01");
        append("2026-05-04T09:00:00Z", "2020-01-02");
    }

    @AfterEach
    void close() {
        door.close();
        threads.close();
        stored.close();
    }

    @Test
    void slotsOfATimelineAreChangedAndTakenAway() {
        assertThat(slotsAfter("{\"timeline_slots\":[\"30m\"]}")).isEqualTo("30m");
        assertThat(slotsAfter("{\"description\":\"the rest stays\"}")).isEqualTo("30m");
        assertThat(slotsAfter("{\"timeline_slots\":[]}")).isEqualTo("1h");
        AppendRouteTest.problem(
                door.send(
                        "PATCH",
                        "/v1/topics/quotes",
                        "{\"timeline_slots\":[\"1h\",\"1h\"]}",
                        "Content-Type",
                        "application/json"),
                400,
                "BAD_REQUEST");
    }

    /** The usual slot after a change of settings. */
    private String slotsAfter(String changes) {
        assertThat(door.send("PATCH", "/v1/topics/quotes", changes, "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(200);
        return json("/v1/topics/quotes/timeline").get("slot").asText();
    }

    @Test
    void rangesOfRecordedTimeAreReadInBothDirections() {
        String range = "?since=2026-05-03T10:30&until=2026-05-04";
        assertThat(positions(EVENTS + range)).containsExactly(3L, 4L);
        assertThat(positions(EVENTS + range + "&direction=backward")).containsExactly(4L, 3L);
        assertThat(positions(EVENTS + "?until=2026-05-03T10:30:00%2B00:00&direction=backward&limit=1"))
                .containsExactly(2L);
        assertThat(positions(EVENTS + "?until=2026-05-03T12:30:00+02:00")).containsExactly(1L, 2L);
        assertThat(positions(EVENTS + "?since=2026-05-04T10:00")).isEmpty();
        AppendRouteTest.problem(door.get(EVENTS + "?since=2026-05-04&until=2026-05-03"), 400, "BAD_REQUEST");
        JsonNode problem = AppendRouteTest.problem(door.get(EVENTS + "?since=tomorrowish"), 400, "BAD_REQUEST");
        assertThat(problem.get("field").asText()).isEqualTo("since");
        assertThat(problem.get("detail").asText()).contains("15m ago");
        assertThat(positions(EVENTS + "?since=yesterday&until=now").size()).isLessThanOrEqualTo(5);
    }

    @Test
    void nearestTimeSaysThatItIsNotExact() {
        JsonNode near = json(EVENTS + "?time=2026-05-03T10:29&seek=nearest&limit=1");
        assertThat(near.at("/events/0/position").asLong()).isEqualTo(3);
        assertThat(near.get("snapped").asBoolean()).isTrue();
        JsonNode exact = json(EVENTS + "?time=2026-05-03T10:30&seek=nearest&limit=1");
        assertThat(exact.at("/events/0/position").asLong()).isEqualTo(3);
        assertThat(exact.get("snapped").asBoolean()).isFalse();
    }

    @Test
    void timelineTellsWhereEventsAreAndGoesOnByPages() {
        JsonNode days = json("/v1/topics/quotes/timeline");
        assertThat(days.get("slot").asText()).isEqualTo("1d");
        assertThat(days.get("slots")).hasSize(2);
        assertThat(days.at("/slots/0/start_time").asText()).isEqualTo("2026-05-03T00:00:00.000000000Z");
        assertThat(days.at("/slots/0/last").asLong()).isEqualTo(4);
        assertThat(days.at("/slots/1/count").asLong()).isEqualTo(1);
        JsonNode page = json("/v1/topics/quotes/timeline?slot=1h&limit=1");
        assertThat(page.at("/slots/0/count").asLong()).isEqualTo(3);
        JsonNode next = json("/v1/topics/quotes/timeline?slot=1h&since="
                + page.get("next_since").asText());
        assertThat(next.at("/slots/0/first").asLong()).isEqualTo(4);
        assertThat(next.get("slots")).hasSize(2);
        assertThat(next.has("next_since")).isFalse();
        assertThat(json("/v1/topics/quotes/timeline?slot=30m&since=2026-05-03T10:00&until=2026-05-03T11:00")
                        .get("slots"))
                .hasSize(2);
        for (String bad :
                List.of("slot=1", "slot=0s", "slot=500ms", "limit=1001", "since=2026-05-04&until=2026-05-03")) {
            AppendRouteTest.problem(door.get("/v1/topics/quotes/timeline?" + bad), 400, "BAD_REQUEST");
        }
        AppendRouteTest.problem(door.get("/v1/topics/nowhere/timeline"), 404, "TOPIC_NOT_FOUND");
    }

    @Test
    void eventsOfARangeOfBusinessTimesAreFiltered() {
        door.post(
                EVENTS,
                "{\"events\":[{\"type\":\"Read\",\"key\":\"one\",\"tags\":[\"lab\"],\"time\":\"1970-01-01T00:00:01Z\",\"data\":{\"value\":7}},"
                        + "{\"type\":\"Read\",\"key\":\"other\",\"time\":\"1970-01-01T00:00:02Z\",\"data\":{\"value\":8}}]}");
        String byTime = EVENTS + "?by=event_time&";
        assertThat(positions(byTime + "type=Read")).containsExactly(6L, 7L);
        assertThat(positions(byTime + "type=Read&tag=lab")).containsExactly(6L);
        assertThat(positions(byTime + "key=other")).containsExactly(7L);
        assertThat(positionsOfAllPages(byTime + "filter=data.value%3E7")).containsExactly(7L);
        assertThat(positions(
                        byTime + "direction=backward&query=%7B%22items%22:%5B%7B%22types%22:%5B%22Read%22%5D%7D%5D%7D"))
                .containsExactly(7L, 6L);
        assertThat(positions(byTime + "type=Other")).isEmpty();
        JsonNode one = json(byTime + "type=Read&limit=1");
        assertThat(one.get("events")).hasSize(1);
        assertThat(positions(byTime + "type=Read&next=" + one.get("next").asText()))
                .containsExactly(7L);
        AppendRouteTest.problem(door.get(byTime + "filter=data."), 400, "BAD_FILTER");
    }

    @Test
    void rangeOfBusinessTimesIsReadLineByLine() {
        append("2026-06-01T00:00:00Z", Collections.nCopies(1_100, "2021-01-01").toArray(String[]::new));
        List<String> lines = lines(EVENTS + "?by=event_time&since=2020-01-01");
        assertThat(lines).hasSize(1_104);
        assertThat(TestDoor.json(lines.get(0)).get("position").asLong()).isEqualTo(2);
        assertThat(TestDoor.json(lines.get(1_103)).get("position").asLong()).isEqualTo(1_105);
        assertThat(lines(EVENTS + "?by=event_time&limit=1002")).hasSize(1_002);
        assertThat(lines(EVENTS + "?by=event_time&until=1900-01-01")).isEmpty();
        AppendRouteTest.problem(
                door.get("/v1/topics/nowhere/events?by=event_time", "Accept", "application/x-ndjson"),
                404,
                "TOPIC_NOT_FOUND");
    }

    /** A page may be empty and yet have a next one. */
    private List<Long> positionsOfAllPages(String target) {
        JsonNode page = json(target);
        List<Long> positions = positions(page);
        while (page.has("next")) {
            page = json(target + "&next=" + page.get("next").asText());
            positions.addAll(positions(page));
        }
        return positions;
    }

    private List<String> lines(String target) {
        HttpResponse<String> answer = door.get(target, "Accept", "application/x-ndjson");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().lines().toList();
    }

    @Test
    void eventsAreReadByBusinessTimeWhereverTheyCame() {
        assertThat(positions(EVENTS + "?by=event_time")).containsExactly(4L, 2L, 1L, 5L, 3L);
        assertThat(positions(EVENTS + "?by=event_time&direction=backward")).containsExactly(3L, 5L, 1L, 2L, 4L);
        assertThat(positions(EVENTS + "?by=event_time&since=2020-01-01&until=2020-01-03"))
                .containsExactly(2L, 1L, 5L);
        assertThat(positions(EVENTS + "?by=event_time&time=2020-01-02T10:00&seek=at_or_before"))
                .containsExactly(5L, 3L);
        assertThat(positions(EVENTS + "?by=event_time&time=2020-01-02T13:00&seek=nearest"))
                .containsExactly(3L);
        JsonNode page = json(EVENTS + "?by=event_time&limit=2&since=2020-01-01");
        assertThat(page.get("events")).hasSize(2);
        assertThat(positions(EVENTS + "?by=event_time&next=" + page.get("next").asText()))
                .containsExactly(5L, 3L);
        AppendRouteTest.problem(door.get(EVENTS + "?by=event_time&from=1"), 400, "BAD_REQUEST");
        AppendRouteTest.problem(door.get(EVENTS + "?by=event_time", "Accept", "text/event-stream"), 400, "BAD_REQUEST");
        door.send("PUT", "/v1/topics/plain", "");
        AppendRouteTest.problem(door.get("/v1/topics/plain/events?by=event_time"), 400, "BAD_REQUEST");
    }

    @Test
    void cursorIsResetToWhereverThereIsSomethingNear() {
        assertThat(reset("{\"to\":\"latest\"}")).isEqualTo("5 next 6");
        assertThat(reset("{\"to\":\"earliest\"}")).isEqualTo("0 next 1");
        assertThat(reset("{\"position\":3}")).isEqualTo("3 next 4");
        assertThat(reset("{\"position\":9}")).isEqualTo("5 next 6 snapped");
        assertThat(reset("{\"time\":\"2026-05-03T11:00\"}")).isEqualTo("3 next 4");
        assertThat(reset("{\"time\":\"2026-05-03T11:00\",\"seek\":\"at_or_before\"}"))
                .isEqualTo("2 next 3");
        assertThat(reset("{\"time\":\"2026-05-03T11:00\",\"seek\":\"nearest\"}"))
                .isEqualTo("2 next 3 snapped");
        assertThat(reset("{\"time\":\"2026-06-01\"}")).isEqualTo("5 next 6 snapped");
        assertThat(reset("{\"position\":1,\"expected\":5}")).isEqualTo("1 next 2");
        for (String bad :
                List.of("{}", "{\"to\":\"end\"}", "{\"position\":1,\"to\":\"latest\"}", "{\"seek\":\"nearest\"}")) {
            AppendRouteTest.problem(door.post(CURSOR + "/reset", bad), 400, "BAD_REQUEST");
        }
        AppendRouteTest.problem(door.post(CURSOR + "/reset", "{\"position\":1,\"expected\":5}"), 409, "CURSOR_MOVED");
    }

    @Test
    void cursorLeftAtRemovedEventsGoesOnAtTheFirstThatIsKept() {
        reset("{\"position\":1}");
        door.post("/v1/topics/quotes/truncate", "{\"before\":4}");
        assertThat(cursor(json(CURSOR))).isEqualTo("1 next 4 snapped");
        assertThat(json(CURSOR).get("lag").asLong()).isEqualTo(2);
        assertThat(reset("{\"position\":2}")).isEqualTo("3 next 4 snapped");
        JsonNode read = json(EVENTS + "?after=1");
        assertThat(read.get("snapped").asBoolean()).isTrue();
        assertThat(read.at("/events/0/position").asLong()).isEqualTo(4);
    }

    @Test
    void commitBeyondTheHeadIsRefusedOrLandsOnTheHead() {
        AppendRouteTest.problem(put("{\"position\":9}"), 400, "CURSOR_BEYOND_HEAD");
        assertThat(cursor(TestDoor.json(put("{\"position\":9,\"nearest\":true}"))))
                .isEqualTo("5 next 6 snapped");
    }

    @Test
    void lagIsToldInEventsBytesAndSeconds() {
        JsonNode committed = TestDoor.json(put("{\"position\":2}"));
        assertThat(committed.get("lag").asLong()).isEqualTo(3);
        assertThat(committed.get("lag_bytes").asLong()).isPositive();
        assertThat(committed.get("lag_seconds").asLong()).isEqualTo(2 * 3_600 + 30 * 60);
        assertThat(json(CURSOR)).isEqualTo(committed);
        assertThat(json("/v1/cursors?topic=quotes").at("/cursors/0")).isEqualTo(committed);
        JsonNode done = TestDoor.json(put("{\"position\":5}"));
        assertThat(done.get("lag").asLong()
                        + done.get("lag_bytes").asLong()
                        + done.get("lag_seconds").asLong())
                .isZero();
    }

    private void append(String recorded, String... happened) {
        stored.clock(Instant.parse(recorded).getEpochSecond() * 1_000_000_000L);
        List<String> events = new ArrayList<>();
        for (String time : happened) {
            events.add("{\"data\":1,\"time\":\"" + time + "\"}");
        }
        assertThat(door.post(EVENTS, "{\"events\":[" + String.join(",", events) + "]}")
                        .statusCode())
                .isEqualTo(201);
    }

    private HttpResponse<String> put(String body) {
        return door.send("PUT", CURSOR, body, "Content-Type", "application/json");
    }

    private String reset(String body) {
        return cursor(TestDoor.json(door.post(CURSOR + "/reset", body)));
    }

    private static String cursor(JsonNode cursor) {
        return cursor.get("position").asText() + " next " + cursor.get("next").asText()
                + (cursor.get("snapped").asBoolean() ? " snapped" : "");
    }

    private JsonNode json(String target) {
        return TestDoor.json(door.get(target));
    }

    private List<Long> positions(String target) {
        return positions(json(target));
    }

    private static List<Long> positions(JsonNode page) {
        List<Long> positions = new ArrayList<>();
        page.get("events").forEach(event -> positions.add(event.get("position").asLong()));
        return positions;
    }
}
