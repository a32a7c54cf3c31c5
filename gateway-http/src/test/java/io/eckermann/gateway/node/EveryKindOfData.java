package io.eckermann.gateway.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.LogGrpc;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Has a node keep some of all that a node can keep, and asks it for that. Only what was there in every release is here. */
final class EveryKindOfData implements AutoCloseable {
    /** Each done as it stands there: method, path, headers, body. {@code $T} is the token of the last lease. */
    private static final String REQUESTS = """
            PUT /v1/topics/plain {"description":"as it comes","timeline_slots":["1h"],"max_event_bytes":65536}
            POST /v1/topics/plain/events {"events":[{"type":"Said","key":"goethe","tags":["light"],"headers":{"a":"b"},"id":"i","time":"2019-05-03","data":{"text":"More light!"}},{"data_base64":"AP8="},{"key":"kant","data":3}]}
            POST /v1/topics/plain/events Idempotency-Key:one {"type":"Said","key":"goethe","tags":["light","dark"],"data":4}
            POST /v1/topics/plain/events Eckermann-Producer:press Eckermann-Sequence:1 {"type":"Said","data":5}
            POST /v1/topics/plain/events {"events":[{"type":"Subscribed","tags":["course:c1"],"data":6}],"conditions":[{"fail_if_events_match":{"items":[{"types":["Subscribed"],"tags":["course:c1"]}]},"after":0},{"key_version":{"key":"goethe","version":2}},{"key_absent":"schiller"},{"fence":{"name":"f","token":3}}]}
            DELETE /v1/topics/plain/events/2
            PUT /v1/topics/ids {"unique_ids":true}
            POST /v1/topics/ids/events {"events":[{"id":"p-1","data":1},{"id":"p-2","data":2},{"data":3}]}
            PUT /v1/topics/times {"index_event_time":true,"timeline_slots":["1h","1d"]}
            POST /v1/topics/times/events {"events":[{"time":"2019-05-03T10:00:00Z","type":"Read","data":1},{"time":"1949-08-28","type":"Read","data":2}]}
            PUT /v1/topics/checked {"validate":"on-append"}
            PUT /v1/topics/checked/schemas/Paid {"type":"object","required":["amount"]}
            PUT /v1/topics/checked/schemas/Paid {"type":"object","required":["amount"],"properties":{"amount":{"type":"integer"}}}
            POST /v1/topics/checked/events {"type":"Paid","data":{"amount":1}}
            PUT /v1/topics/public {"anonymous_read":true,"compact_keys":true}
            POST /v1/topics/public/events {"events":[{"key":"a","data":1},{"key":"a","data":2},{"key":"b","data":3}]}
            PUT /v1/topics/cut
            POST /v1/topics/cut/events {"events":[{"tags":["t"],"data":1},{"tags":["t"],"data":2},{"tags":["t"],"data":3}]}
            POST /v1/topics/cut/truncate {"before":3}
            PUT /v1/topics/newest {"retain_events":2}
            POST /v1/topics/newest/events {"events":[{"data":1},{"data":2},{"data":3},{"data":4},{"data":5}]}
            POST /v1/append Idempotency-Key:many {"appends":[{"topic":"ids","events":[{"id":"p-3","data":4}],"conditions":[{"expected_head":3}]},{"topic":"cut","events":[{"data":4}]}],"cursors":[{"consumer":"billing","topic":"plain","position":3}]}
            PUT /v1/cursors/audit/plain {"position":6}
            PUT /v1/groups/plain/mail {"ordered":"key","visibility":"12h","max_attempts":5}
            POST /v1/groups/plain/mail/lease {"member":"m","max":3}
            POST /v1/groups/plain/mail/ack {"token":$T,"positions":[1]}
            POST /v1/groups/plain/mail/park {"token":$T,"positions":[3],"reason":"never will"}
            POST /v1/groups/plain/mail/lease {"member":"m","max":1}
            PUT /v1/webhooks/plain/hook {"url":"$U","max_attempts":5}
            POST /v1/webhooks/plain/hook/pause
            POST /v1/access/keys {"principal":"billing","note":"CI","expires_time":"2099-01-01"}
            PUT /v1/access/rules/billing {"allow":[{"verbs":["read","append"],"topics":"orders.*"}],"roles":["readers"]}
            PUT /v1/access/rules/role:readers {"allow":[{"verbs":["read"],"topics":"*"}]}
            PUT /v1/access/quotas/billing {"events_per_second":10000,"requests":100}
            PUT /v1/topics/codecs
            PUT /v1/topics/gone
            """;

    private static final List<String> QUESTIONS = List.of(
            "/v1/topics",
            "/v1/topics/plain/events",
            "/v1/topics/plain/events?tag=light",
            "/v1/topics/plain/events?type=Said&direction=backward",
            "/v1/topics/plain/events?key=goethe",
            "/v1/topics/plain/keys/goethe",
            "/v1/topics/plain/explain?tag=light",
            "/v1/topics/plain/timeline?slot=1d",
            "/v1/topics/ids/events",
            "/v1/topics/times/events?by=event_time",
            "/v1/topics/checked/events",
            "/v1/topics/checked/schemas/Paid/versions",
            "/v1/topics/public/events",
            "/v1/topics/cut/events?tag=t",
            "/v1/topics/newest/events",
            "/v1/topics/codecs/events",
            "/v1/cursors?topic=plain",
            "/v1/groups/plain/mail/parked",
            "/v1/webhooks?topic=plain",
            "/v1/access/keys",
            "/v1/access/rules");

    /** What is done once more without being done again, and what is refused for what was there before. */
    private static final Map<String, Integer> RETRIES = Map.of(
            "POST /v1/topics/plain/events Idempotency-Key:one {\"type\":\"Said\",\"key\":\"goethe\",\"tags\":[\"light\",\"dark\"],\"data\":4}",
            200,
            "POST /v1/topics/plain/events Eckermann-Producer:press Eckermann-Sequence:1 {\"type\":\"Said\",\"data\":5}",
            200,
            "PUT /v1/groups/plain/mail {\"ordered\":\"key\",\"visibility\":\"12h\",\"max_attempts\":5}",
            200,
            "POST /v1/topics/ids/events {\"id\":\"p-3\",\"data\":0}",
            409,
            "POST /v1/topics/checked/events {\"type\":\"Paid\",\"data\":{}}",
            400,
            "POST /v1/topics/plain/events {\"events\":[{\"data\":0}],\"conditions\":[{\"fail_if_events_match\":{\"items\":[{\"tags\":[\"dark\"]}]},\"after\":0}]}",
            412,
            "POST /v1/topics/plain/events {\"events\":[{\"data\":0}],\"conditions\":[{\"fence\":{\"name\":\"f\",\"token\":2}}]}",
            412);

    /** They change by themselves. */
    private static final Set<String> PASSING = Set.of("lag_seconds", "oldest_unacked_age_ms");

    private static final int LARGE_EVENTS = 14;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestCluster cluster;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebhookReceiver receiver;
    private String token = "";

    EveryKindOfData(TestCluster cluster) throws Exception {
        this.cluster = cluster;
        this.receiver = new WebhookReceiver();
    }

    /** Has the node keep it. */
    void write() throws Exception {
        for (String line : REQUESTS.lines().toList()) {
            HttpResponse<String> answer = send(line);
            if (answer.statusCode() >= 300) {
                throw new AssertionError(line + "\n" + answer.statusCode() + " " + answer.body());
            }
            JsonNode body = JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
            token = body.path("token").asText(token);
        }
        for (Encoding encoding : List.of(Encoding.PLAIN, Encoding.ZSTD, Encoding.LZ4)) {
            ByteString plain = EventsCodec.body(IntStream.range(0, 20)
                    .mapToObj(i -> Event.newBuilder()
                            .setType("Said")
                            .setPayload(ByteString.copyFromUtf8("{\"said\":\"" + encoding + " " + i + "\"}"))
                            .build())
                    .toList());
            append("codecs", EventsCodec.encoded(encoding, BodyCompression.compress(encoding, plain), 20), -1);
        }
        // More than a segment of the log, of which nothing stays.
        for (int i = 0; i < LARGE_EVENTS; i++) {
            Event large = Event.newBuilder()
                    .setPayload(ByteString.copyFrom(new byte[80_000]))
                    .build();
            append("gone", EventsCodec.encode(List.of(large)), i);
        }
        send("DELETE /v1/topics/gone");
        Await.until(
                "only the newest are retained",
                () -> ask("/v1/topics/newest").path("first").asLong() == 4);
    }

    /** Under a condition, so that it is stored as it is. */
    private void append(String topic, EncodedEvents events, long head) {
        AppendRequest.Builder request =
                AppendRequest.newBuilder().setTopic(topic).setEncoded(events);
        if (head >= 0) {
            request.addConditions(Condition.newBuilder().setExpectedHead(head));
        }
        var unused = LogGrpc.newBlockingStub(cluster.channel("n1")).append(request.build());
    }

    /** Asks the node for all of it. */
    Map<String, JsonNode> answers() throws Exception {
        Map<String, JsonNode> answers = new TreeMap<>();
        for (String path : QUESTIONS) {
            answers.put(path, lasting(ask(path)));
        }
        return answers;
    }

    JsonNode ask(String path) throws Exception {
        HttpResponse<String> answer = send("GET " + path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + "\n" + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    private static JsonNode lasting(JsonNode answer) {
        answer.forEach(EveryKindOfData::lasting);
        if (answer instanceof ObjectNode object) {
            object.remove(PASSING);
        }
        return answer;
    }

    /** What is sent once more, and the statuses that are to come of it. */
    static Map<String, Integer> retries() {
        return RETRIES;
    }

    HttpResponse<String> send(String line) throws Exception {
        int begin = line.indexOf(" {");
        String[] head = (begin < 0 ? line : line.substring(0, begin)).split(" ", -1);
        String body =
                begin < 0 ? "" : line.substring(begin + 1).replace("$T", token).replace("$U", receiver.url());
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + cluster.httpAddress("n1") + head[1]))
                .method(
                        head[0],
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        for (int i = 2; i < head.length; i++) {
            String[] header = head[i].split(":", 2);
            request.header(header[0], header[1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        receiver.close();
    }
}
