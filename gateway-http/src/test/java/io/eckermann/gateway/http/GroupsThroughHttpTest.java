package io.eckermann.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.gateway.StoredShard;
import io.eckermann.gateway.Threads;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Groups at the door, over the real use cases and a real state machine; only Raft is left out. */
class GroupsThroughHttpTest {
    private static final String GROUP = "/v1/groups/orders/mail";
    private static final long SECOND_NS = 1_000_000_000L;

    private final Threads threads = new Threads();
    private StoredShard store;
    private TestDoor door;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        store = new StoredShard(directory);
        door = new TestDoor(StoredUseCases.of(store, threads));
        assertThat(door.send("PUT", "/v1/topics/orders", "").statusCode()).isEqualTo(201);
    }

    @AfterEach
    void close() {
        door.close();
        threads.close();
        store.close();
    }

    private void append(String... keys) {
        List<String> events = new ArrayList<>();
        for (String key : keys) {
            events.add("{\"key\":\"" + key + "\",\"type\":\"Paid\",\"data\":\"" + key + "\"}");
        }
        assertThat(door.post("/v1/topics/orders/events", "{\"events\":[" + String.join(",", events) + "]}")
                        .statusCode())
                .isEqualTo(201);
    }

    private JsonNode make(String settings) {
        HttpResponse<String> made = door.send("PUT", GROUP, settings, "Content-Type", "application/json");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return TestDoor.json(made);
    }

    private JsonNode post(String verb, String body) {
        HttpResponse<String> answer = door.post(GROUP + "/" + verb, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestDoor.json(answer);
    }

    private static List<Long> positions(JsonNode leased) {
        List<Long> positions = new ArrayList<>();
        leased.get("events")
                .forEach(event -> positions.add(event.get("position").asLong()));
        return positions;
    }

    @Test
    void whatIsLeasedIsAckedOrComesAgain() {
        append("a", "b", "c");
        JsonNode made = make("{\"max_attempts\":2,\"visibility\":\"10s\"}");
        assertThat(made.at("/settings/max_in_flight").asInt()).isEqualTo(10_000);
        assertThat(made.get("behind").asInt()).isEqualTo(3);

        JsonNode leased = post("lease", "{\"member\":\"m1\",\"max\":2}");
        assertThat(positions(leased)).containsExactly(1L, 2L);
        assertThat(leased.at("/events/0/attempts").asInt()).isEqualTo(1);
        assertThat(leased.at("/events/0/data").asText()).isEqualTo("a");
        long token = leased.get("token").asLong();
        JsonNode settled = post("ack", "{\"token\":" + token + ",\"positions\":[1,3]}");
        assertThat(settled.get("settled").asInt()).isEqualTo(1);
        assertThat(settled.at("/lost/0/positions/0").asLong()).isEqualTo(3);
        post("nack", "{\"token\":" + token + ",\"reason\":\"no paper\"}");

        JsonNode again = post("lease", "{\"max\":1}");
        assertThat(positions(again)).containsExactly(2L);
        assertThat(again.at("/events/0/attempts").asInt()).isEqualTo(2);
        post("nack", "{\"token\":" + again.get("token") + ",\"reason\":\"no ink\"}");
        JsonNode parked = TestDoor.json(door.get(GROUP + "/parked"));
        assertThat(parked.at("/parked/0/reason").asText()).isEqualTo("no ink");
        assertThat(parked.at("/parked/0/event/data").asText()).isEqualTo("b");

        JsonNode shown = TestDoor.json(door.get(GROUP));
        assertThat(shown.get("floor").asInt()).isEqualTo(2);
        assertThat(shown.get("parked").asInt()).isEqualTo(1);
        assertThat(shown.get("behind").asInt()).isEqualTo(1);
        assertThat(post("parked/replay", "").get("changed").asInt()).isEqualTo(1);
        assertThat(positions(post("lease", ""))).containsExactly(2L, 3L);
    }

    @Test
    void aLeaseThatEndedIsLostAndItsEventsGoToAnother() {
        append("a");
        make("{\"visibility\":\"1s\"}");
        store.clock(10 * SECOND_NS);
        long first = post("lease", "").get("token").asLong();
        store.clock(12 * SECOND_NS);
        AppendRouteTest.problem(door.post(GROUP + "/ack", "{\"token\":" + first + "}"), 409, "LEASE_LOST");
        AppendRouteTest.problem(door.post(GROUP + "/extend", "{\"token\":" + first + "}"), 409, "LEASE_LOST");
        JsonNode second = post("lease", "");
        assertThat(positions(second)).containsExactly(1L);
        post("extend", "{\"token\":" + second.get("token") + ",\"visibility\":\"1m\"}");
        store.clock(60 * SECOND_NS);
        assertThat(post("ack", "{\"token\":" + second.get("token") + "}")
                        .get("settled")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void eventsOfOneKeyComeInTheirOrderAndOnlyThatKeyWaits() {
        append("k", "k", "l", "k");
        make("{\"ordered\":\"key\"}");
        JsonNode first = post("lease", "{\"max\":1}");
        assertThat(positions(first)).containsExactly(1L);
        JsonNode others = post("lease", "");
        assertThat(positions(others)).containsExactly(3L);
        post("nack", "{\"token\":" + first.get("token") + ",\"delay\":\"5s\"}");
        assertThat(post("lease", "").get("idle").asText()).isEqualTo("nothing_new");
        store.clock(20 * SECOND_NS);
        JsonNode batch = post("lease", "");
        assertThat(positions(batch)).containsExactly(1L, 2L, 4L);
        post("park", "{\"token\":" + batch.get("token") + ",\"positions\":[1],\"reason\":\"odd\"}");
        assertThat(post("lease", "").get("events")).isEmpty();
        assertThat(post("parked/drop", "{\"positions\":[1]}").get("changed").asInt())
                .isEqualTo(1);
    }

    @Test
    void noEventIsPassedOverWhereLooksAheadAndChunksEnd() {
        String[] keys = new String[50];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "k" + i;
        }
        for (int i = 0; i < 4; i++) {
            append(keys);
        }
        make("{\"ordered\":\"key\"}");
        List<Long> leased = new ArrayList<>();
        while (leased.size() < 200) {
            JsonNode some = post("lease", "{\"max\":7}");
            assertThat(some.get("events")).isNotEmpty();
            leased.addAll(positions(some));
            post("ack", "{\"token\":" + some.get("token") + "}");
        }
        assertThat(leased).isSorted().doesNotHaveDuplicates().hasSize(200);
    }

    @Test
    void whoWaitsIsWokenByAnAppendAndByAnEndOfALease() {
        make("{\"visibility\":\"200ms\"}");
        CompletableFuture<JsonNode> waiting =
                CompletableFuture.supplyAsync(() -> post("lease", "{\"wait\":\"50s\",\"visibility\":\"200ms\"}"));
        append("a");
        assertThat(positions(waiting.join())).containsExactly(1L);
        CompletableFuture<JsonNode> next = CompletableFuture.supplyAsync(() -> post("lease", "{\"wait\":\"50s\"}"));
        // What the leader's clock says once the lease has ended.
        store.clock(SECOND_NS);
        assertThat(positions(next.join())).containsExactly(1L);
    }

    @Test
    void onlyWhatMatchesIsLeasedAndWhatIsGoneIsPassedOver() {
        append("a");
        door.post("/v1/topics/orders/events", "{\"type\":\"Sent\",\"tags\":[\"x\"],\"data\":1}");
        append("b");
        door.post("/v1/topics/orders/events", "{\"type\":\"Sent\",\"tags\":[\"x\"],\"data\":2}");
        door.send("DELETE", "/v1/topics/orders/events/4", "");
        make("{\"query\":{\"items\":[{\"types\":[\"Sent\"]}]}}");
        JsonNode leased = post("lease", "");
        assertThat(positions(leased)).containsExactly(2L);
        post("ack", "{\"token\":" + leased.get("token") + "}");
        assertThat(post("lease", "").get("events")).isEmpty();
        assertThat(TestDoor.json(door.get(GROUP)).get("floor").asInt()).isEqualTo(4);
    }

    @Test
    void exclusiveGroupLeasesToOneMemberUntilItsLeasesEnd() {
        append("a", "b");
        make("{\"exclusive\":true,\"visibility\":\"1s\"}");
        store.clock(10 * SECOND_NS);
        JsonNode first = post("lease", "{\"member\":\"one\",\"max\":1}");
        JsonNode second = post("lease", "{\"member\":\"two\"}");
        assertThat(second.get("idle").asText()).isEqualTo("held_by_another");
        AppendRouteTest.problem(door.post(GROUP + "/lease", ""), 400, "BAD_REQUEST");
        post("ack", "{\"token\":" + first.get("token") + "}");
        store.clock(12 * SECOND_NS);
        assertThat(positions(post("lease", "{\"member\":\"two\"}"))).containsExactly(2L);
    }

    @Test
    void groupIsPausedMovedChangedListedAndDeleted() {
        append("a", "b");
        make("{\"latest\":true}");
        assertThat(door.send("PUT", GROUP, "").statusCode()).isEqualTo(200);
        AppendRouteTest.problem(
                door.send("PUT", GROUP, "{\"ordered\":\"key\"}", "Content-Type", "application/json"),
                409,
                "GROUP_EXISTS");
        assertThat(post("lease", "").get("events")).isEmpty();
        assertThat(post("seek", "{\"position\":2}").get("next").asInt()).isEqualTo(2);
        assertThat(post("pause", "").get("paused").asBoolean()).isTrue();
        assertThat(post("lease", "").get("idle").asText()).isEqualTo("paused");
        post("resume", "");
        JsonNode leased = post("lease", "");
        assertThat(positions(leased)).containsExactly(2L);
        post("park", "{\"token\":" + leased.get("token") + ",\"reason\":\"later\"}");
        AppendRouteTest.problem(door.post(GROUP + "/seek", "{\"time\":\"1970-01-01\"}"), 409, "GROUP_HAS_PARKED");
        assertThat(post("seek", "{\"time\":\"1970-01-01\",\"drop_parked\":true}")
                        .get("next")
                        .asInt())
                .isEqualTo(1);
        JsonNode changed =
                TestDoor.json(door.send("PATCH", GROUP, "{\"max_attempts\":3}", "Content-Type", "application/json"));
        assertThat(changed.at("/settings/max_attempts").asInt()).isEqualTo(3);
        assertThat(TestDoor.json(door.get("/v1/groups?topic=orders")).get("groups"))
                .hasSize(1);
        assertThat(door.send("DELETE", GROUP, "").statusCode()).isEqualTo(204);
        AppendRouteTest.problem(door.get(GROUP), 404, "GROUP_NOT_FOUND");
        AppendRouteTest.problem(door.post(GROUP + "/lease", ""), 404, "GROUP_NOT_FOUND");
        AppendRouteTest.problem(door.post("/v1/groups/nowhere/g/lease", ""), 404, "TOPIC_NOT_FOUND");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT   |        | {'ordered':'time'}                    | ordered",
                "PUT   |        | {'visibility':'5'}                    | visibility",
                "PUT   |        | {'visibility':'13h'}                  | visibility_ms",
                "PUT   |        | {'max_attempts':0}                    | max_attempts",
                "PUT   |        | {'position':1,'latest':true}          | latest",
                "PUT   |        | {'query':{'items':[{}]}}              | query.items[0]",
                "PUT   |        | {'members':3}                         | members",
                "POST  | /lease | {'max':1001}                          | max",
                "POST  | /lease | {'wait':'2h'}                         | wait_ms",
                "POST  | /lease | {'member':'a b'}                      | member",
                "POST  | /ack   | {}                                    | token",
                "POST  | /ack   | {'token':1,'positions':[]}            | positions",
                "POST  | /ack   | {'token':1,'delay':'1s'}              | delay",
                "POST  | /nack  | {'token':1,'delay':'13h'}             | settlements[0].delay_ms",
                "POST  | /nack  | [{'token':1},{'token':'x'}]           | settlements[1].token",
                "POST  | /extend| {'token':1,'visibility':'1ms'}        | visibility_ms",
                "POST  | /seek  | {'position':0}                        | position",
                "POST  | /parked/replay | {'positions':[]}              | positions",
            })
    void badInputIsRefusedNamingTheField(String method, String verb, String body, String field) {
        make("");
        HttpResponse<String> answer = door.send(
                method,
                GROUP + (verb == null ? "" : verb),
                body.replace('\'', '"'),
                "Content-Type",
                "application/json");
        AppendRouteTest.problem(answer, 400, "BAD_REQUEST");
        JsonNode problem = TestDoor.json(answer);
        String named = problem.has("field") ? problem.get("field").asText() : String.valueOf(problem);
        assertThat(named).contains(field);
    }
}
