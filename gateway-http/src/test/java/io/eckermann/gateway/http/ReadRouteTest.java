package io.eckermann.gateway.http;

import static io.eckermann.gateway.http.ScriptedStream.caughtUp;
import static io.eckermann.gateway.http.ScriptedStream.event;
import static io.eckermann.gateway.http.ScriptedStream.events;
import static io.eckermann.gateway.http.ScriptedStream.heartbeat;
import static io.eckermann.gateway.http.ScriptedStream.slow;
import static io.eckermann.gateway.http.ScriptedStream.started;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TimeStart;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadRouteTest {
    private static final String EVENTS = "/v1/topics/quotes/events";
    private static final String[] SSE = {"Accept", "text/event-stream"};
    private static final String[] NDJSON = {"Accept", "application/x-ndjson"};

    private final FakeUseCases store = new FakeUseCases();
    private TestDoor door;

    @BeforeEach
    void open() throws IOException {
        door = new TestDoor(store);
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void aPageShowsPayloadsThatAreJsonAsDataAndOthersAsBase64() {
        store.onRead = request -> ScriptedStream.of(
                started(1, 9),
                events(1, "{\n \"a\": 1.0 }", "more light"),
                events(3, "", "\"\\ud800\""),
                caughtUp(9, false));
        HttpResponse<String> response = door.get(EVENTS);
        assertThat(response.body())
                .isEqualTo("{\"events\":["
                        + "{\"position\":1,\"recorded_time\":\"2023-11-14T22:13:20.123456790Z\","
                        + "\"recorded_ns\":\"1700000000123456790\",\"data\":{\"a\":1.0}},"
                        + "{\"position\":2,\"recorded_time\":\"2023-11-14T22:13:20.123456791Z\","
                        + "\"recorded_ns\":\"1700000000123456791\",\"data_base64\":\"bW9yZSBsaWdodA==\"},"
                        + "{\"position\":3,\"recorded_time\":\"2023-11-14T22:13:20.123456792Z\","
                        + "\"recorded_ns\":\"1700000000123456792\",\"data_base64\":\"\"},"
                        + "{\"position\":4,\"recorded_time\":\"2023-11-14T22:13:20.123456793Z\","
                        + "\"recorded_ns\":\"1700000000123456793\",\"data_base64\":\"Ilx1ZDgwMCI=\"}"
                        + "],\"next\":5,\"head\":9,\"caught_up\":false,\"snapped\":false}");
        ReadRequest request = asked();
        assertThat(request.getLimit()).isEqualTo(100);
        assertThat(request.getMaxBytes()).isPositive();
        assertThat(request.getConsistency()).isEqualTo(Consistency.LINEARIZABLE);
    }

    @Test
    void parametersBecomeTheRequest() {
        door.get(EVENTS
                + "?time=2026-01-01T01:00:00%2B01:00&seek=nearest&limit=10000&max_bytes=5&to=9&until=1768000000000000000"
                + "&consistency=local&at_least=4");
        ReadRequest request = asked();
        assertThat(request.getTime().getRecordedNs()).isEqualTo(1_767_225_600_000_000_000L);
        assertThat(request.getTime().getSeek()).isEqualTo(TimeStart.Seek.NEAREST);
        assertThat(request.getLimit()).isEqualTo(10_000);
        assertThat(request.getMaxBytes()).isEqualTo(5);
        assertThat(request.getTo()).isEqualTo(9);
        assertThat(request.getUntilNs()).isEqualTo(1_768_000_000_000_000_000L);
        assertThat(request.getConsistency()).isEqualTo(Consistency.LOCAL);
        assertThat(request.getAtLeast()).isEqualTo(4);
        door.get(EVENTS + "?last=3&direction=backward");
        assertThat(asked().getDirection()).isEqualTo(Direction.BACKWARD);
        door.get(EVENTS + "?time=2026-01-01T01:00:00+01:00");
        assertThat(asked().getTime().getRecordedNs()).isEqualTo(1_767_225_600_000_000_000L);
        door.get(EVENTS + "?cursor=c1");
        assertThat(asked().getCursor()).isEqualTo("c1");
        door.get(EVENTS, "Accept", "text/html, */*;q=0.8");
        assertThat(asked().getLimit()).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({
        "from=1&after=2, after",
        "from=0, from",
        "from=x, from",
        "from=, from",
        "from=99999999999999999999, from",
        "limit=10001, limit",
        "limit=0, limit",
        "seek=nearest, seek",
        "time=1&seek=never, seek",
        "time=-1, time",
        "time=2026-13-01, time",
        "direction=up, direction",
        "consistency=none, consistency",
        "follow=true, follow",
        "follow=1, follow",
        "wait=61, wait",
        "wait=1m, wait",
        "wait=5&direction=backward, wait",
        "lastEventId=4, lastEventId",
        "fromm=1, fromm",
        "limit=1&limit=1, limit",
    })
    void wrongParametersAreRefusedNamingTheField(String query, String field) {
        JsonNode problem = AppendRouteTest.problem(door.get(EVENTS + "?" + query), 400, "BAD_REQUEST");
        assertThat(problem.get("field").asText()).isEqualTo(field);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void formatsThatAreNotOfferedAre406() {
        AppendRouteTest.problem(door.get(EVENTS, "Accept", "application/xml"), 406, "NOT_ACCEPTABLE");
        AppendRouteTest.problem(door.get(EVENTS, "Accept", "application/json;q=0"), 406, "NOT_ACCEPTABLE");
    }

    @Test
    void backwardPagesSayWhereTheNextOneBegins() {
        store.onRead = request -> ScriptedStream.of(started(9, 9), events(5, "1"), caughtUp(9, false));
        assertThat(TestDoor.json(door.get(EVENTS + "?direction=backward"))
                        .get("next")
                        .asLong())
                .isEqualTo(4);
        store.onRead = request -> ScriptedStream.of(started(9, 9), events(1, "1"), caughtUp(9, true));
        assertThat(TestDoor.json(door.get(EVENTS + "?direction=backward")).has("next"))
                .isFalse();
    }

    @Test
    void aLongPollWaitsForTheFirstEvent() {
        Queue<ScriptedStream> streams = new ArrayDeque<>(List.of(
                ScriptedStream.of(started(8, 7), caughtUp(7, true)),
                ScriptedStream.waitingAfter(started(8, 7), caughtUp(7, true), heartbeat(7), events(8, "1"))));
        store.onRead = request -> streams.remove();
        JsonNode page = TestDoor.json(door.get(EVENTS + "?after=7&wait=60s"));
        assertThat(page.get("events")).hasSize(1);
        assertThat(page.get("next").asLong()).isEqualTo(9);
        assertThat(page.get("caught_up").asBoolean()).isTrue();
        assertThat(asked().getFollow()).isFalse();
        ReadRequest second = asked();
        assertThat(second.getFollow()).isTrue();
        assertThat(second.getFrom()).isEqualTo(8);
    }

    @Test
    void aLongPollEndsEmptyWhenTimeIsUp() {
        ScriptedStream waiting = ScriptedStream.waitingAfter(started(8, 7), caughtUp(7, true));
        store.onRead = request -> request.getFollow() ? waiting : ScriptedStream.of(started(8, 7), caughtUp(7, true));
        JsonNode page = TestDoor.json(door.get(EVENTS + "?after=7&wait=1"));
        assertThat(page.get("events")).isEmpty();
        assertThat(page.get("next").asLong()).isEqualTo(8);
        assertThat(page.get("head").asLong()).isEqualTo(7);
        assertThat(waiting.closed).isTrue();
    }

    @Test
    void oneEventIsFoundByItsPositionOnly() {
        store.onRead = request -> ScriptedStream.of(started(5, 9), events(5, "1"), caughtUp(9, false));
        assertThat(TestDoor.json(door.get(EVENTS + "/5")).get("data").asLong()).isEqualTo(1);
        JsonNode problem = AppendRouteTest.problem(door.get(EVENTS + "/4"), 404, "EVENT_NOT_FOUND");
        assertThat(problem.get("position").asLong()).isEqualTo(4);
        AppendRouteTest.problem(door.get(EVENTS + "/first"), 400, "BAD_REQUEST");
    }

    @Test
    void ndjsonIsOneEventALineAndEndsWithTheRead() {
        store.onRead =
                request -> ScriptedStream.of(started(1, 2), events(1, "1"), events(2, "\"\\n\""), caughtUp(2, true));
        HttpResponse<String> response = door.get(EVENTS, NDJSON);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        assertThat(response.headers().firstValue("Eckermann-Head")).contains("2");
        assertThat(response.body()
                        .lines()
                        .map(line -> TestDoor.json(line).get("position").asInt()))
                .containsExactly(1, 2);
        assertThat(asked().getLimit()).isZero();
    }

    @Test
    void serverSentEventsGoOnLive() throws IOException {
        ScriptedStream stream = ScriptedStream.waitingAfter(
                started(1, 1),
                events(1, "{\"a\": 1}"),
                caughtUp(1, true),
                heartbeat(1),
                slow(6_000, 1, 2),
                events(2, "2"));
        store.onRead = request -> stream;
        HttpResponse<InputStream> response = door.send(door.request(EVENTS, SSE).build(), BodyHandlers.ofInputStream());
        String expected = "retry: 2000\n\n"
                + "id: 1\nevent: event\ndata: " + shown(1, "{\"a\":1}") + "\n\n"
                + "event: caught-up\ndata: {\"head\":1}\n\n"
                + "event: ping\ndata: {\"head\":1}\n\n"
                + "event: slow\ndata: {\"stalled_ms\":6000,\"behind\":1,\"head\":2}\n\n"
                + "id: 2\nevent: event\ndata: " + shown(2, "2") + "\n\n";
        try (InputStream body = response.body()) {
            assertThat(new String(body.readNBytes(expected.length()), StandardCharsets.UTF_8))
                    .isEqualTo(expected);
        }
        assertThat(response.headers().firstValue("X-Accel-Buffering")).contains("no");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(asked().getFollow()).isTrue();
        Await.until("the stream of a client that left is closed", () -> stream.closed);
    }

    @Test
    void aReconnectingEventSourceResumesAfterWhatItSaw() {
        door.get(EVENTS + "?from=1", "Accept", "text/event-stream", "Last-Event-ID", "41");
        assertThat(asked().getAfter()).isEqualTo(41);
        door.get(EVENTS + "?lastEventId=40", SSE);
        assertThat(asked().getAfter()).isEqualTo(40);
        HttpResponse<String> response = door.get(EVENTS, "Accept", "text/event-stream", "Last-Event-ID", "4x");
        assertThat(AppendRouteTest.problem(response, 400, "BAD_REQUEST")
                        .get("field")
                        .asText())
                .isEqualTo("Last-Event-ID");
    }

    @Test
    void errorsBeforeTheFirstByteAreProblemsAndLaterOnesEndTheStream() {
        AppendRouteTest.problem(door.get("/v1/topics/nowhere/events", SSE), 404, "TOPIC_NOT_FOUND");
        StoreException corrupt = new StoreException(ErrorCode.DATA_CORRUPT, "Bytes are broken.").with("position", 2);
        store.onRead = request -> ScriptedStream.failingAfter(corrupt);
        AppendRouteTest.problem(door.get(EVENTS, SSE), 500, "DATA_CORRUPT");
        store.onRead = request -> ScriptedStream.failingAfter(corrupt, started(1, 2), events(1, "1"));
        HttpResponse<String> sse = door.get(EVENTS, SSE);
        assertThat(sse.statusCode()).isEqualTo(200);
        assertThat(sse.body()).contains("event: error\ndata: {").contains("\"code\":\"DATA_CORRUPT\"");
        List<String> lines = door.get(EVENTS, NDJSON).body().lines().toList();
        assertThat(TestDoor.json(lines.get(1)).at("/error/position").asInt()).isEqualTo(2);
        AppendRouteTest.problem(door.get(EVENTS), 500, "DATA_CORRUPT");
    }

    @Test
    void eventSourceIsToldInAStreamWhatWillPassSoThatItComesBack() {
        StoreException noLeader = new StoreException(ErrorCode.NO_LEADER, "Wait a moment.");
        store.onRead = request -> ScriptedStream.failingAfter(noLeader);
        HttpResponse<String> later = door.get(EVENTS, SSE);
        assertThat(later.statusCode()).isEqualTo(200);
        assertThat(later.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(later.body()).startsWith("retry: ").contains("event: error\ndata: {", "\"code\":\"NO_LEADER\"");
        AppendRouteTest.problem(door.get(EVENTS + "?follow=false", SSE), 503, "NO_LEADER");
        AppendRouteTest.problem(door.get(EVENTS + "?follow=true", NDJSON), 503, "NO_LEADER");
    }

    private ReadRequest asked() {
        return (ReadRequest) store.asked.remove();
    }

    private static String shown(long position, String data) {
        return "{\"position\":" + position + ",\"recorded_time\":\""
                + io.eckermann.gateway.http.json.Times.rfc3339(
                        event(position, "").getRecordedNs())
                + "\",\"recorded_ns\":\"" + event(position, "").getRecordedNs() + "\",\"data\":" + data + "}";
    }
}
