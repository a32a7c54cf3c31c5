package io.eckermann.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.ListTopicsRequest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutesTest {
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
    void topicsAreCreatedShownListedAndDeleted() {
        HttpResponse<String> created = door.send(
                "PUT",
                "/v1/topics/new",
                "{\"max_event_bytes\":1000,\"description\":\"d\"}",
                "Content-Type",
                "application/json");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("Location")).contains("/v1/topics/new");
        CreateTopicRequest request = (CreateTopicRequest) store.asked.remove();
        assertThat(request.getSettings().getMaxEventBytes()).isEqualTo(1000);
        assertThat(TestDoor.json(created).at("/settings/description").asText()).isEqualTo("d");

        assertThat(door.send("PUT", "/v1/topics/old", "").statusCode()).isEqualTo(200);
        JsonNode shown = TestDoor.json(door.get("/v1/topics/a?consistency=local"));
        assertThat(shown.get("name").asText()).isEqualTo("a");
        assertThat(shown.get("head").asLong()).isEqualTo(7);
        assertThat(shown.get("last_recorded_ns").isTextual()).isTrue();
        store.asked.clear();
        assertThat(TestDoor.json(door.get("/v1/topics?prefix=a.%2B")).get("topics"))
                .hasSize(2);
        assertThat(((ListTopicsRequest) store.asked.remove()).getPrefix()).isEqualTo("a.+");
        assertThat(TestDoor.json(door.get("/v1/topics/a/head")).get("head").asLong())
                .isEqualTo(7);
        HttpResponse<String> deleted = door.send("DELETE", "/v1/topics/a", "");
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
    }

    @Test
    void wrongSettingsAreRefusedNamingTheField() {
        HttpResponse<String> response =
                door.send("PUT", "/v1/topics/a", "{\"max_event_byte\":1}", "Content-Type", "application/json");
        assertThat(AppendRouteTest.problem(response, 400, "BAD_REQUEST")
                        .get("detail")
                        .asText())
                .contains("did you mean 'max_event_bytes'");
        response = door.send("PUT", "/v1/topics/a", "{\"max_event_bytes\":1.5}", "Content-Type", "application/json");
        assertThat(AppendRouteTest.problem(response, 400, "BAD_REQUEST")
                        .get("field")
                        .asText())
                .isEqualTo("max_event_bytes");
    }

    @Test
    void cursorsAreCommittedShownListedAndDeleted() {
        HttpResponse<String> committed = door.send(
                "PUT", "/v1/cursors/c/a", "{\"position\":5,\"expected\":0}", "Content-Type", "application/json");
        assertThat(committed.statusCode()).isEqualTo(200);
        assertThat(TestDoor.json(committed).get("lag").asLong()).isEqualTo(2);
        CommitCursorRequest request = (CommitCursorRequest) store.asked.remove();
        assertThat(request.hasExpected()).isTrue();
        assertThat(request.getConsumer()).isEqualTo("c");
        assertThat(TestDoor.json(door.get("/v1/cursors/c/a")).get("position").asLong())
                .isEqualTo(3);
        store.asked.clear();
        assertThat(TestDoor.json(door.get("/v1/cursors?topic=a&consumer=c")).get("cursors"))
                .hasSize(1);
        assertThat(((ListCursorsRequest) store.asked.remove()).getConsumer()).isEqualTo("c");
        assertThat(door.send("DELETE", "/v1/cursors/c/a", "").statusCode()).isEqualTo(204);
        assertThat(AppendRouteTest.problem(
                                door.send("PUT", "/v1/cursors/c/a", "{}", "Content-Type", "application/json"),
                                400,
                                "BAD_REQUEST")
                        .get("field")
                        .asText())
                .isEqualTo("position");
    }

    @Test
    void theNodeTellsOfItselfAndOfTheCluster() {
        assertThat(door.get("/").body()).contains("/v1/topics/{topic}/events");
        assertThat(door.get("/healthz/live").statusCode()).isEqualTo(200);
        assertThat(door.get("/healthz/ready").statusCode()).isEqualTo(200);
        store.notReady = Optional.of("It replays its log.");
        HttpResponse<String> notReady = door.get("/healthz/ready");
        assertThat(AppendRouteTest.problem(notReady, 503, "NOT_READY")
                        .get("detail")
                        .asText())
                .isEqualTo("It replays its log.");
        JsonNode cluster = TestDoor.json(door.get("/v1/cluster"));
        assertThat(cluster.get("leader").isNull()).isTrue();
        assertThat(cluster.at("/nodes/0/role").asText()).isEqualTo("follower");
    }

    @Test
    void unknownPathsMethodsAndParametersAreProblems() {
        AppendRouteTest.problem(door.get("/v1/topic/a"), 404, "ROUTE_NOT_FOUND");
        AppendRouteTest.problem(door.get("/v1/topics/nowhere"), 404, "TOPIC_NOT_FOUND");
        HttpResponse<String> wrong = door.send("POST", "/v1/topics/a", "");
        AppendRouteTest.problem(wrong, 405, "METHOD_NOT_ALLOWED");
        assertThat(wrong.headers().firstValue("Allow")).contains("DELETE, GET, PATCH, PUT, HEAD, OPTIONS");
        assertThat(AppendRouteTest.problem(door.get("/v1/topics?prefxi=a"), 400, "BAD_REQUEST")
                        .get("detail")
                        .asText())
                .contains("did you mean 'prefix'");
        AppendRouteTest.problem(door.get("/v1/topics?prefix=a&prefix=b"), 400, "BAD_REQUEST");
        AppendRouteTest.problem(door.get("/v1/topics?prefix=%FF"), 400, "BAD_REQUEST");
        HttpResponse<String> options = door.send("OPTIONS", "/v1/topics", "");
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
    }

    @Test
    void headAnswersLikeGetWithoutABody() {
        HttpResponse<String> got = door.get("/v1/topics/a");
        HttpResponse<String> head = door.send("HEAD", "/v1/topics/a", "");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Length"))
                .isEqualTo(got.headers().firstValue("Content-Length"))
                .isPresent();
    }

    @Test
    void aPortInUseIsSaidClearly() {
        int port = door.door.port();
        assertThatThrownBy(() -> new TestDoor(store, HttpDoorConfig.at("127.0.0.1", port)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + port)
                .hasMessageContaining("configure another one");
    }
}
