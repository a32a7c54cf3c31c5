package io.eckermann.gateway.http;

import static io.eckermann.gateway.http.ScriptedStream.started;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What browsers are told about pages of other origins. */
class CrossOriginTest {
    private static final String PAGE = "https://app.example.org";

    private final FakeUseCases store = new FakeUseCases();

    @Test
    void noPageIsAllowedUnlessTheSettingSaysSo() throws IOException {
        try (TestDoor door = new TestDoor(store)) {
            assertThat(door.get("/v1/topics/a", "Origin", PAGE).headers().map())
                    .doesNotContainKeys("access-control-allow-origin", "vary");
        }
    }

    @Test
    void pageOfAnAllowedOriginMayReadAnswersStreamsAndProblems() throws IOException {
        store.onRead = request -> ScriptedStream.of(started(1, 0));
        try (TestDoor door = door(PAGE)) {
            assertAllowed(door.get("/v1/topics/a", "Origin", PAGE).headers());
            assertAllowed(door.get("/v1/topics/nowhere/events", "Origin", PAGE).headers());
            assertAllowed(door.get("/v1/topics/a/events", "Origin", PAGE, "Accept", "text/event-stream")
                    .headers());
            HttpHeaders others =
                    door.get("/v1/topics/a", "Origin", "https://other.org").headers();
            assertThat(others.firstValue("Access-Control-Allow-Origin")).isEmpty();
            assertThat(others.firstValue("Vary")).contains("Origin");
            assertThat(door.get("/v1/topics/a").headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }

    @Test
    void browserThatAsksBeforeAWriteIsToldWhatItMaySend() throws IOException {
        try (TestDoor door = door(PAGE)) {
            HttpResponse<String> asked = preflight(door, PAGE);
            assertThat(asked.statusCode()).isEqualTo(204);
            assertAllowed(asked.headers());
            assertThat(asked.headers().firstValue("Access-Control-Allow-Methods"))
                    .hasValueSatisfying(methods -> assertThat(methods).contains("POST", "PATCH"));
            assertThat(asked.headers().firstValue("Access-Control-Allow-Headers"))
                    .contains("Authorization, *");
            assertThat(preflight(door, "https://other.org").headers().firstValue("Access-Control-Allow-Methods"))
                    .isEmpty();
        }
    }

    @Test
    void starAllowsEveryPage() throws IOException {
        try (TestDoor door = door("*")) {
            HttpHeaders headers = door.get("/v1/topics/a", "Origin", PAGE).headers();
            assertThat(headers.firstValue("Access-Control-Allow-Origin")).contains("*");
            assertThat(headers.firstValue("Vary")).isEmpty();
        }
    }

    private TestDoor door(String allowed) throws IOException {
        HttpDoorConfig usual = HttpDoorConfig.at("127.0.0.1", 0);
        return new TestDoor(
                store,
                new HttpDoorConfig(
                        usual.host(),
                        usual.port(),
                        usual.idle(),
                        usual.receive(),
                        usual.stall(),
                        usual.request(),
                        usual.stop(),
                        usual.connectionsMax(),
                        usual.dcbTopic(),
                        List.of(allowed),
                        null));
    }

    private static HttpResponse<String> preflight(TestDoor door, String origin) {
        return door.send(
                "OPTIONS",
                "/v1/topics/a/events",
                "",
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "POST",
                "Access-Control-Request-Headers",
                "content-type,idempotency-key");
    }

    private static void assertAllowed(HttpHeaders headers) {
        assertThat(headers.firstValue("Access-Control-Allow-Origin")).contains(PAGE);
        assertThat(headers.firstValue("Access-Control-Expose-Headers")).contains("*");
        assertThat(headers.firstValue("Vary")).contains("Origin");
    }
}
