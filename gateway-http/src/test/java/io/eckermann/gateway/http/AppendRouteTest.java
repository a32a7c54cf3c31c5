package io.eckermann.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.Event;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppendRouteTest {
    private static final String EVENTS = "/v1/topics/quotes/events";

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
    void oneEventObjectIsAppendedWithAllItsAttributes() {
        HttpResponse<String> response = door.post(EVENTS, """
                {"type":"Said","key":"goethe","id":"e1","tags":["a","b"],"headers":{"x":"1"},
                 "time":"1970-01-01T00:00:01.5+00:00","data":{ "n": 1.10, "big": 9223372036854775807, "ü": [null, "\\n"] }}""");
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Location")).contains(EVENTS + "/5");
        assertThat(response.headers().firstValue("ETag")).contains("\"5\"");
        assertThat(response.body())
                .isEqualTo(
                        "{\"first\":5,\"last\":5,\"head\":5,"
                                + "\"recorded_time\":\"2023-11-14T22:13:20.123456789Z\",\"recorded_ns\":\"1700000000123456789\"}");
        Event event = appended().getEvents().getEvents(0);
        assertThat(event.getPayload().toStringUtf8())
                .isEqualTo("{\"n\":1.10,\"big\":9223372036854775807,\"ü\":[null,\"\\n\"]}");
        assertThat(event.getTagsList()).containsExactly("a", "b");
        assertThat(event.getHeadersMap()).containsEntry("x", "1");
        assertThat(event.getTimeNs()).isEqualTo(1_500_000_000L);
    }

    @Test
    void aListAndLinesAreOneAppendEach() {
        door.post(EVENTS, "{\"events\":[{\"data\":1},{\"data_base64\":\"AP8=\"},{\"data\":null}]}");
        assertThat(appended().getEvents().getEventsList())
                .extracting(event -> event.getPayload().toStringUtf8().length())
                .hasSize(3);
        HttpResponse<String> lines = door.send(
                "POST", EVENTS, "{\"data\":1}\n{\"data\":\"two\"}\r\n\n", "Content-Type", "application/x-ndjson");
        assertThat(lines.statusCode()).isEqualTo(201);
        assertThat(appended().getEvents().getEventsCount()).isEqualTo(2);
    }

    @Test
    void anyOtherContentTypeIsOnePayloadWithAttributesInHeaders() {
        HttpResponse<String> response = door.send(
                "POST",
                EVENTS,
                "more light",
                "Content-Type",
                "text/plain",
                "Eckermann-Type",
                "Said",
                "Eckermann-Key",
                "goethe",
                "Eckermann-Id",
                "e1",
                "Eckermann-Tags",
                "a, b",
                "Eckermann-Time",
                "1832-03-22",
                "Eckermann-Producer",
                "p1",
                "Eckermann-Sequence",
                "3");
        assertThat(response.statusCode()).isEqualTo(201);
        AppendRequest append = appended();
        assertThat(append.getProducer().getId()).isEqualTo("p1");
        assertThat(append.getProducer().getSequence()).isEqualTo(3);
        Event event = append.getEvents().getEvents(0);
        assertThat(event.getPayload().toStringUtf8()).isEqualTo("more light");
        assertThat(event.getTagsList()).containsExactly("a", "b");
        assertThat(event.getTimeNs()).isNegative();
    }

    @Test
    void aRetriedAppendIsAnswered200AndSaysSo() {
        store.onAppend = request -> CompletableFuture.completedFuture(AppendResponse.newBuilder()
                .setFirst(1)
                .setLast(1)
                .setHead(9)
                .setDuplicate(true)
                .build());
        HttpResponse<String> response = door.post(EVENTS, "{\"data\":1}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(TestDoor.json(response).get("duplicate").asBoolean()).isTrue();
        assertThat(response.headers().firstValue("ETag")).contains("\"9\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"tpye\":\"x\",\"data\":1} | 400 | BAD_REQUEST | tpye | did you mean 'type'",
                "{\"conditions\":{},\"data\":1} | 400 | BAD_REQUEST | conditions | must be an array",
                "{\"type\":\"x\"} | 400 | BAD_REQUEST | data | is missing",
                "{\"data\":1,\"data_base64\":\"\"} | 400 | BAD_REQUEST | data_base64 | contradicts 'data'",
                "{\"events\":[{\"data\":1}],\"key\":\"x\"} | 400 | BAD_REQUEST | key | contradicts 'events'",
                "{\"events\":[{\"data\":1},{\"data\":2,\"kye\":\"x\"}]} | 400 | BAD_REQUEST | events[1].kye | 'key'",
                "{\"events\":{}} | 400 | BAD_REQUEST | events | array",
                "[{\"data\":1}] | 400 | BAD_REQUEST | body | events",
                "{\"data\":1,\"type\":null} | 400 | BAD_REQUEST | type | must be a string",
                "{\"data\":1,\"tags\":\"a\"} | 400 | BAD_REQUEST | tags | array",
                "{\"data\":1,\"time\":\"yesterday\"} | 400 | BAD_REQUEST | time | is not a time",
                "{\"data\":1,\"time\":\"2300-01-01\"} | 400 | BAD_REQUEST | time | is not a time",
                "{\"data_base64\":\"%\"} | 400 | BAD_REQUEST | data_base64 | base64",
                "{\"data\":\"\\ud800\"} | 400 | BAD_REQUEST | data | surrogate",
                "{\"data\":1,\"data\":2} | 400 | MALFORMED_BODY | `` | Duplicate field",
                "{\"data\":1 | 400 | MALFORMED_BODY | `` | Unexpected end",
                "{\"data\":1} x | 400 | MALFORMED_BODY | `` | x",
                "{\"data\":1} 2 | 400 | MALFORMED_BODY | `` | goes on",
            })
    void wrongJsonIsRefusedNamingTheField(String body, int status, String code, String field, String detail) {
        JsonNode problem = problem(door.post(EVENTS, body), status, code);
        assertThat(problem.path("field").asText()).isEqualTo(field);
        assertThat(problem.get("detail").asText()).contains(detail);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void tooDeepAndNoUtf8AreRefused() throws IOException {
        String deep = "{\"data\":" + "[".repeat(200) + "]".repeat(200) + "}";
        problem(door.post(EVENTS, deep), 400, "MALFORMED_BODY");
        String answer = door.raw("POST " + EVENTS + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"data\":\"\u00fc\"}");
        assertThat(answer).startsWith("HTTP/1.1 400").contains("not UTF-8");
    }

    @Test
    void linesAreNamedInErrors() {
        JsonNode problem = problem(
                door.send("POST", EVENTS, "{\"data\":1}\n{\"dta\":1}", "Content-Type", "application/x-ndjson"),
                400,
                "BAD_REQUEST");
        assertThat(problem.get("field").asText()).isEqualTo("line 2: dta");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/x-www-form-urlencoded | add -H 'Content-Type: application/json'",
                "multipart/form-data; boundary=x | possible are",
                "application/cloudevents+avro | possible are",
                "json | possible are",
                "application/json; charset=latin1 | UTF-8",
            })
    void unreadableContentTypesAreRefusedWithAHint(String type, String hint) {
        JsonNode problem =
                problem(door.send("POST", EVENTS, "{}", "Content-Type", type), 415, "UNSUPPORTED_MEDIA_TYPE");
        assertThat(problem.get("detail").asText()).contains(hint);
    }

    @Test
    void aMissingContentTypeIsRefused() {
        JsonNode problem = problem(door.send("POST", EVENTS, "{\"data\":1}"), 415, "UNSUPPORTED_MEDIA_TYPE");
        assertThat(problem.get("detail").asText()).contains("has no Content-Type");
    }

    @ParameterizedTest
    @CsvSource({
        "Eckermann-Producer, p1, Eckermann-Sequence",
        "Eckermann-Sequence, 1, Eckermann-Producer",
        "Eckermann-Sequnce, 1, eckermann-sequnce",
        "Eckermann-Type, Said, Eckermann-Type",
    })
    void headersThatCannotMeanWhatTheySayAreRefused(String name, String value, String field) {
        HttpResponse<String> response =
                door.send("POST", EVENTS, "{\"data\":1}", "Content-Type", "application/json", name, value);
        assertThat(problem(response, 400, "BAD_REQUEST").get("field").asText()).isEqualToIgnoringCase(field);
    }

    @Test
    void errorsOfTheStoreBecomeProblemsWithTheirFacts() {
        store.onAppend = request -> CompletableFuture.failedFuture(
                new StoreException(ErrorCode.SEQUENCE_GAP, "Send the missing ones first.")
                        .with("expected", 3)
                        .with("producer", "17"));
        JsonNode problem = problem(door.post(EVENTS, "{\"data\":1}"), 409, "SEQUENCE_GAP");
        assertThat(problem.get("expected").isIntegralNumber()).isTrue();
        assertThat(problem.get("producer").isTextual()).isTrue();
        assertThat(problem.get("retryable").asBoolean()).isTrue();
        assertThat(problem.get("sideEffects").asText()).isEqualTo("none");

        store.onAppend =
                request -> CompletableFuture.failedFuture(new StoreException(ErrorCode.NO_LEADER, "Wait a moment."));
        HttpResponse<String> noLeader = door.post(EVENTS, "{\"data\":1}");
        problem(noLeader, 503, "NO_LEADER");
        assertThat(noLeader.headers().firstValue("Retry-After")).contains("1");

        store.onAppend = request -> CompletableFuture.failedFuture(new IllegalStateException("secret"));
        HttpResponse<String> bug = door.post(EVENTS, "{\"data\":1}");
        assertThat(problem(bug, 500, "INTERNAL").get("sideEffects").asText()).isEqualTo("unknown");
        assertThat(bug.body()).doesNotContain("secret");
    }

    @Test
    void aClientThatAsksIsSentToTheTopicsLeader() {
        store.leader = java.util.Optional.of("leads:9");
        HttpResponse<String> response = door.send(
                "POST", EVENTS + "?x=1", "{\"data\":1}", "Content-Type", "application/json", "Eckermann-Redirect", "1");
        assertThat(response.statusCode()).isEqualTo(307);
        assertThat(response.headers().firstValue("Location")).contains("http://quotes.leads:9" + EVENTS + "?x=1");
        assertThat(store.asked).isEmpty();
        assertThat(door.post(EVENTS, "{\"data\":1}").statusCode()).isEqualTo(201);
    }

    static JsonNode problem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = TestDoor.json(response);
        assertThat(problem.get("code").asText()).isEqualTo(code);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        return problem;
    }

    private AppendRequest appended() {
        return (AppendRequest) store.asked.remove();
    }
}
