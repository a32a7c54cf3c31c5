package io.eckermann.gateway.http;

import static io.eckermann.gateway.http.ScriptedStream.started;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.gateway.logging.CapturedLines;
import io.eckermann.gateway.logging.LogFormat;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** By what an answer, an error and log lines are found. */
class RequestIdsTest {
    private static final String ID = "X-Request-Id";
    private static final Pattern HEADER = Pattern.compile("(?i)\r\nx-request-id: (\\S+)\r\n");

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
    void aRequestKeepsTheIdThatItWasGivenAndGetsOneOtherwise() {
        assertThat(id(door.get("/v1/topics/a", ID, "order-17:try/2"))).isEqualTo("order-17:try/2");
        String made = id(door.get("/v1/topics/a"));
        assertThat(made).matches("[0-9a-f]{32}").isNotEqualTo(id(door.get("/v1/topics/a")));
        assertThat(id(door.get("/v1/topics/a", ID, "x".repeat(128)))).hasSize(128);
    }

    @Test
    void idsThatAreNotWellFormedAreNotTaken() throws IOException {
        for (String wrong :
                List.of("x".repeat(129), "two words", "", "caf\u00e9", "a\tb", "\u001b[1m", "one\r\n" + ID + ": two")) {
            String answer = door.raw(
                    "GET /v1/topics/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + ID + ": " + wrong + "\r\n\r\n");
            Matcher header = HEADER.matcher(answer);
            assertThat(header.find()).as(answer).isTrue();
            assertThat(header.group(1)).matches("[0-9a-f]{32}");
            assertThat(header.find()).isFalse();
        }
    }

    @Test
    void errorsHaveItInTheirBodyWhereverTheyArise() throws IOException {
        store.onAppend = request -> CompletableFuture.failedFuture(
                new StoreException(ErrorCode.NO_LEADER, "None.").with("request_id", "not a fact"));
        for (HttpResponse<String> refused : List.of(
                door.get("/nowhere", ID, "r1"),
                door.send("BREW", "/v1/topics/a", "", ID, "r1"),
                door.send("POST", "/v1/topics/a/events", "{", ID, "r1", "Content-Type", "application/json"),
                door.send(
                        "POST", "/v1/topics/a/events", "{\"data\":1}", ID, "r1", "Content-Type", "application/json"))) {
            assertThat(id(refused)).isEqualTo("r1");
            assertThat(TestDoor.json(refused).path("request_id").asText()).isEqualTo("r1");
        }
        String malformed = door.raw("GARBAGE\r\n\r\n");
        Matcher header = HEADER.matcher(malformed);
        assertThat(header.find()).isTrue();
        assertThat(malformed).contains("\"request_id\":\"" + header.group(1) + "\"");
        store.onRead = request -> new ScriptedStream(n -> n == 0
                ? CompletableFuture.completedFuture(Optional.of(started(1, 1)))
                : CompletableFuture.failedFuture(new StoreException(ErrorCode.DATA_CORRUPT, "Gone bad.")));
        assertThat(door.get("/v1/topics/a/events", ID, "r2", "Accept", "application/x-ndjson")
                        .body())
                .contains("\"request_id\":\"r2\"");
    }

    @Test
    void linesOfARequestHaveItAndNothingThatIsSentMakesALineOfItsOwn() throws IOException {
        store.onAppend = request -> {
            throw new IllegalStateException(request.getEvents().getEvents(0).getKey() + " of " + request.getTopic());
        };
        try (CapturedLines captured = new CapturedLines(LogFormat.JSON, HttpErrors.class.getPackageName())) {
            String forged = "%0a%7b%22level%22:%22ERROR%22%7d%0d%1b%5b1m";
            HttpResponse<String> failed = door.send(
                    "POST",
                    "/v1/topics/a" + forged + "/events",
                    "{\"data\":1,\"key\":\"k\\n\\u001b[1m{\\\"level\\\":\\\"ERROR\\\"}\"}",
                    ID,
                    "r3",
                    "Content-Type",
                    "application/json",
                    "User-Agent",
                    "a\"b\\");
            assertThat(failed.statusCode()).isEqualTo(500);
            assertThat(captured.lines()).hasSizeGreaterThanOrEqualTo(2);
            for (String line : captured.lines()) {
                JsonNode json = TestDoor.json(line);
                assertThat(json.path("request_id").asText()).as(line).isEqualTo("r3");
            }
            assertThat(captured.text()).contains("IllegalStateException").contains("\\u001B[1m");
        }
    }

    private static String id(HttpResponse<?> answer) {
        return answer.headers().firstValue(ID).orElseThrow();
    }
}
