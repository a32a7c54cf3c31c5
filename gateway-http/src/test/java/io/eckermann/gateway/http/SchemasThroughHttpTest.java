package io.eckermann.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.gateway.StoredShard;
import io.eckermann.gateway.Threads;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schemas and filters at the HTTP door, over the real state machine. */
class SchemasThroughHttpTest {
    private static final String TOPIC = "/v1/topics/orders";
    private static final String EVENTS = TOPIC + "/events";
    private static final String PLACED = TOPIC + "/schemas/Placed";
    private static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}";

    private final Threads threads = new Threads();
    private StoredShard store;
    private TestDoor door;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        store = new StoredShard(directory);
        door = new TestDoor(StoredUseCases.of(store, threads));
        assertThat(json("PUT", TOPIC, "{\"validate\":\"on-append\"}").statusCode())
                .isEqualTo(201);
    }

    @AfterEach
    void close() {
        door.close();
        threads.close();
        store.close();
    }

    @Test
    void schemasAreRegisteredShownListedAndDeleted() {
        HttpResponse<String> first = json("PUT", PLACED, SCHEMA);
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue("Location")).contains(PLACED + "/versions/1");
        assertThat(json("PUT", PLACED, SCHEMA).statusCode())
                .as("the same again")
                .isEqualTo(200);
        assertThat(TestDoor.json(json("PUT", PLACED, "true")).get("version").asInt())
                .isEqualTo(2);

        JsonNode shown = TestDoor.json(door.get(PLACED + "/versions/1"));
        assertThat(shown.get("schema").toString()).isEqualTo(SCHEMA);
        assertThat(shown.get("format").asText()).isEqualTo("json-schema");
        assertThat(TestDoor.json(door.get(PLACED)).get("schema").asBoolean()).isTrue();
        JsonNode all = TestDoor.json(door.get(TOPIC + "/schemas")).get("schemas");
        assertThat(all).hasSize(1);
        assertThat(all.get(0).get("version").asInt()).isEqualTo(2);
        assertThat(all.get(0).has("schema")).isFalse();
        assertThat(TestDoor.json(door.get(PLACED + "/versions")).get("schemas")).hasSize(2);

        assertThat(door.send("DELETE", PLACED + "/versions/2", "").statusCode()).isEqualTo(204);
        assertThat(TestDoor.json(door.get(PLACED)).get("version").asInt()).isEqualTo(1);
        assertThat(door.send("DELETE", PLACED, "").statusCode()).isEqualTo(204);
        assertThat(code(door.get(PLACED), 404)).isEqualTo("SCHEMA_NOT_FOUND");
    }

    @Test
    void appendThatDoesNotSatisfyItSaysWhere() {
        json("PUT", PLACED, SCHEMA);
        HttpResponse<String> refused = door.post(
                EVENTS,
                "{\"events\":[{\"type\":\"Placed\",\"data\":{\"n\":1}},{\"type\":\"Placed\",\"data\":{\"n\":\"x\"}}]}");
        assertThat(code(refused, 400)).isEqualTo("SCHEMA_MISMATCH");
        assertThat(refused.body())
                .contains("\"path\":\"/n\"")
                .contains("\"schema_version\"")
                .contains("\"event_type\":\"Placed\"");
        assertThat(door.post(EVENTS, "{\"type\":\"Placed\",\"data\":{\"n\":1}}").statusCode())
                .isEqualTo(201);
        assertThat(TestDoor.json(door.get(TOPIC)).at("/settings/validate").asText())
                .isEqualTo("on-append");
        assertThat(json("PATCH", TOPIC, "{\"validate\":\"strict\"}").statusCode())
                .isEqualTo(200);
        assertThat(code(door.post(EVENTS, "{\"type\":\"Paid\",\"data\":1}"), 400))
                .isEqualTo("SCHEMA_MISMATCH");
        assertThat(code(json("PATCH", TOPIC, "{\"validate\":\"sometimes\"}"), 400))
                .isEqualTo("BAD_REQUEST");
    }

    @Test
    void payloadsAreTried() {
        json("PUT", PLACED, SCHEMA);
        JsonNode bad = TestDoor.json(door.post(PLACED + "/check", "{\"n\":\"x\"}"));
        assertThat(bad.get("valid").asBoolean()).isFalse();
        assertThat(bad.at("/faults/0/path").asText()).isEqualTo("/n");
        assertThat(TestDoor.json(door.post(PLACED + "/versions/1/check", "{\"n\":1}"))
                        .get("valid")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void badRegistrationsAreRefused() {
        assertThat(code(json("PUT", PLACED, "{\"$ref\":\"https://example.com/x.json\"}"), 400))
                .isEqualTo("BAD_SCHEMA");
        assertThat(code(door.send("PUT", PLACED, SCHEMA, "Content-Type", "text/plain"), 415))
                .isEqualTo("UNSUPPORTED_MEDIA_TYPE");
        assertThat(code(door.send("PUT", PLACED, "x", "Content-Type", "application/protobuf"), 400))
                .isEqualTo("BAD_REQUEST");
        assertThat(code(door.send("PUT", PLACED + "?message=a.B", "x", "Content-Type", "application/protobuf"), 400))
                .isEqualTo("BAD_SCHEMA");
        assertThat(code(door.get(PLACED + "/versions/x"), 400)).isEqualTo("BAD_REQUEST");
    }

    @Test
    void pagesAndStreamsAreFiltered() {
        door.post(
                EVENTS,
                "{\"events\":[{\"type\":\"a\",\"data\":{\"n\":1}},{\"type\":\"b\",\"data\":{\"n\":2}},{\"type\":\"a\",\"data\":{\"n\":3}}]}");
        JsonNode page = TestDoor.json(door.get(EVENTS + "?filter=" + encoded("type == 'a' && data.n > 1")));
        assertThat(page.get("events")).hasSize(1);
        assertThat(page.at("/events/0/position").asLong()).isEqualTo(3);
        assertThat(page.get("next").asLong()).isEqualTo(4);
        assertThat(page.get("caught_up").asBoolean()).isTrue();
        assertThat(door.get(
                                EVENTS + "?direction=backward&filter=" + encoded("data.n < 3"),
                                "Accept",
                                "application/x-ndjson")
                        .body()
                        .lines())
                .hasSize(2)
                .first()
                .asString()
                .contains("\"position\":2");
        HttpResponse<String> bad = door.get(EVENTS + "?filter=" + encoded("type = 'a'"));
        assertThat(code(bad, 400)).isEqualTo("BAD_FILTER");
        assertThat(bad.body()).contains("\"line\"").contains("\"column\"");
        assertThat(code(
                        door.get(
                                EVENTS + "?filter=" + encoded("tags.all(a, tags.all(b, tags.all(c, a == b)))"),
                                "Accept",
                                "text/event-stream"),
                        400))
                .isEqualTo("FILTER_TOO_COSTLY");
    }

    private HttpResponse<String> json(String method, String target, String body) {
        return door.send(method, target, body, "Content-Type", "application/json");
    }

    private static String code(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return TestDoor.json(response).get("code").asText();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
