package io.eckermann.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.gateway.StoredShard;
import io.eckermann.gateway.Threads;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Truncation, deletion and retention as they show at the door, over a real state machine. */
class RemovalThroughHttpTest {
    private static final String EVENTS = "/v1/topics/quotes/events";

    private final Threads threads = new Threads();
    private StoredShard store;
    private TestDoor door;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        store = new StoredShard(directory);
        door = new TestDoor(StoredUseCases.of(store, threads));
        assertThat(door.send("PUT", "/v1/topics/quotes", "").statusCode()).isEqualTo(201);
    }

    @AfterEach
    void close() {
        door.close();
        threads.close();
        store.close();
    }

    @Test
    void deletedEventIsMarkedInAllFormats() {
        door.post(
                EVENTS,
                "{\"events\":[{\"data\":1},{\"type\":\"Said\",\"key\":\"k\",\"data\":\"secret\"},{\"data\":3}]}");
        assertThat(door.send("DELETE", EVENTS + "/2", "").statusCode()).isEqualTo(204);
        assertThat(door.send("DELETE", EVENTS + "/2", "").statusCode()).isEqualTo(204);
        JsonNode page = TestDoor.json(door.get(EVENTS));
        assertThat(page.get("events")).hasSize(3);
        assertThat(page.at("/events/1/deleted").asBoolean()).isTrue();
        assertThat(page.at("/events/1/position").asLong()).isEqualTo(2);
        assertThat(page.at("/events/1")).hasSize(4);
        assertThat(TestDoor.json(door.get(EVENTS + "/2")).get("deleted").asBoolean())
                .isTrue();
        for (String format : new String[] {"application/json", "application/x-ndjson"}) {
            assertThat(door.get(EVENTS, "Accept", format).body())
                    .doesNotContain("secret")
                    .doesNotContain("Said")
                    .contains("\"position\":2,")
                    .contains("\"deleted\":true}");
        }
        assertThat(door.get(EVENTS + "?follow=false", "Accept", "text/event-stream")
                        .body())
                .doesNotContain("secret")
                .contains("id: 2\n")
                .contains("\"deleted\":true}");
        AppendRouteTest.problem(door.send("DELETE", EVENTS + "/4", ""), 404, "EVENT_NOT_FOUND");
        AppendRouteTest.problem(door.post(EVENTS, "{\"deleted\":true}"), 400, "BAD_REQUEST");
    }

    @Test
    void truncatedTopicSnapsToItsFirstEventUnlessExactlyAnotherIsAskedFor() {
        door.post(EVENTS, "{\"events\":[{\"data\":1},{\"data\":2},{\"data\":3}]}");
        door.send("PUT", "/v1/cursors/late/quotes", "{\"position\":1}", "Content-Type", "application/json");
        String truncate = "/v1/topics/quotes/truncate";
        assertThat(TestDoor.json(door.post(truncate, "{\"before\":3}"))
                        .get("first")
                        .asLong())
                .isEqualTo(3);
        for (String start : new String[] {"?from=1", "?after=1", "?cursor=late"}) {
            JsonNode page = TestDoor.json(door.get(EVENTS + start));
            assertThat(page.at("/events/0/position").asLong()).isEqualTo(3);
            assertThat(page.get("snapped").asBoolean()).isTrue();
            JsonNode problem =
                    AppendRouteTest.problem(door.get(EVENTS + start + "&exact=true"), 416, "POSITION_OUT_OF_RANGE");
            assertThat(problem.get("first").asLong()).isEqualTo(3);
        }
        assertThat(TestDoor.json(door.get(EVENTS + "?after=2&exact=true")).get("events"))
                .hasSize(1);
        assertThat(TestDoor.json(door.get("/v1/cursors/late/quotes")).get("lag").asLong())
                .isEqualTo(1);
        AppendRouteTest.problem(door.get(EVENTS + "/2"), 404, "EVENT_NOT_FOUND");
        AppendRouteTest.problem(door.post(truncate, "{\"before\":5}"), 416, "POSITION_OUT_OF_RANGE");
        AppendRouteTest.problem(door.post(truncate, "{\"before\":0}"), 400, "BAD_REQUEST");
        AppendRouteTest.problem(door.post(truncate, "{}"), 400, "BAD_REQUEST");
        assertThat(TestDoor.json(door.post(truncate, "{\"before_time\":\"2100-01-01T00:00:00Z\"}"))
                        .get("first")
                        .asLong())
                .isEqualTo(4);
        assertThat(TestDoor.json(door.get(EVENTS)).get("events")).isEmpty();
    }

    @Test
    void readsByTagAndKeyDoNotFindRemovedEvents() {
        String event = "{\"key\":\"k\",\"tags\":[\"x\"],\"data\":\"secret\"}";
        door.post(EVENTS, "{\"events\":[" + event + "," + event + "," + event + "]}");
        door.post("/v1/topics/quotes/truncate", "{\"before\":2}");
        assertThat(door.send("DELETE", EVENTS + "/3", "").statusCode()).isEqualTo(204);
        for (String filter : new String[] {"?tag=x&from=1", "?key=k&from=1"}) {
            JsonNode page = TestDoor.json(door.get(EVENTS + filter));
            assertThat(page.get("snapped").asBoolean()).isTrue();
            assertThat(page.get("events")).hasSize(1);
            assertThat(page.at("/events/0/position").asLong()).isEqualTo(2);
            AppendRouteTest.problem(door.get(EVENTS + filter + "&exact=true"), 416, "POSITION_OUT_OF_RANGE");
        }
        JsonNode last = TestDoor.json(door.get(EVENTS + "?tag=x&last=5"));
        assertThat(last.get("events").findValuesAsText("position")).containsExactly("2");
        assertThat(TestDoor.json(door.get("/v1/topics/quotes/keys/k")).toString())
                .isEqualTo("{\"key\":\"k\",\"version\":3,\"last\":3,\"head\":3}");
    }

    @Test
    void settingsOfATopicChangeOneByOne() {
        String[] json = {"Content-Type", "application/json"};
        String topic = "/v1/topics/quotes";
        JsonNode changed = TestDoor.json(
                door.send("PATCH", topic, "{\"retain_age\":\"7d\",\"retain_events\":5,\"description\":\"d\"}", json));
        assertThat(changed.at("/settings/retain_age").asText()).isEqualTo("7d");
        JsonNode again = TestDoor.json(door.send("PATCH", topic, "{\"retain_age\":null,\"retain_bytes\":9}", json));
        assertThat(again.at("/settings/retain_age").isMissingNode()).isTrue();
        assertThat(again.at("/settings/retain_bytes").asLong()).isEqualTo(9);
        assertThat(again.at("/settings/retain_events").asLong()).isEqualTo(5);
        assertThat(again.at("/settings/description").asText()).isEqualTo("d");
        assertThat(again.at("/settings/compact_keys").isMissingNode()).isTrue();
        JsonNode compact = TestDoor.json(door.send("PATCH", topic, "{\"compact_keys\":true}", json));
        assertThat(compact.at("/settings/compact_keys").asBoolean()).isTrue();
        assertThat(TestDoor.json(door.send("PATCH", topic, "{\"compact_keys\":false}", json))
                        .at("/settings/compact_keys")
                        .isMissingNode())
                .isTrue();
        for (String wrong : new String[] {
            "{\"compact_keys\":1}",
            "{\"retain_events\":0}",
            "{\"retain_age\":\"0d\"}",
            "{\"retain_bytes\":-1}",
            "{\"max_event_bytes\":5}",
            "{}"
        }) {
            AppendRouteTest.problem(door.send("PATCH", topic, wrong, json), 400, "BAD_REQUEST");
        }
        AppendRouteTest.problem(
                door.send("PUT", "/v1/topics/new", "{\"retain_age\":\"0s\"}", json), 400, "BAD_REQUEST");
        assertThat(TestDoor.json(door.send("PUT", "/v1/topics/new", "{\"retain_age\":\"90m\"}", json))
                        .at("/settings/retain_age")
                        .asText())
                .isEqualTo("90m");
        assertThat(TestDoor.json(door.send("PUT", "/v1/topics/latest", "{\"compact_keys\":true}", json))
                        .at("/settings/compact_keys")
                        .asBoolean())
                .isTrue();
    }
}
