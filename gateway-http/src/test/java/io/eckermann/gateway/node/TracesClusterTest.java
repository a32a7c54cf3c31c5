package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.LogGrpc;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trace goes from who appends to who reads, and a collector is told what the node did in it. */
final class TracesClusterTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

    private static final List<String> SPANS = new CopyOnWriteArrayList<>();
    private static HttpServer collector;
    private static TestCluster cluster;

    @BeforeAll
    static void start(@TempDir Path root) throws Exception {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            SPANS.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        cluster = new TestCluster(
                root,
                1,
                "tracing.otlp-endpoint=http://127.0.0.1:"
                        + collector.getAddress().getPort());
        cluster.startAll();
        send("PUT", "/v1/topics/t", "");
    }

    @AfterAll
    static void stop() {
        cluster.close();
        collector.stop(0);
    }

    @Test
    void appendsTraceReachesReadersWebhooksAndTheCollector() throws Exception {
        send("PUT", "/v1/topics/orders", "");
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            send("PUT", "/v1/webhooks/orders/hook", "{\"url\":\"" + receiver.url() + "\",\"position\":1}");
            HttpResponse<Stream<String>> tail = HTTP.send(
                    request("GET", "/v1/topics/orders/events", "", "Accept", "text/event-stream")
                            .build(),
                    HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> lines = tail.body()) {
                send(
                        "POST",
                        "/v1/topics/orders/events",
                        "{\"type\":\"Paid\",\"data\":1}",
                        "traceparent",
                        PARENT,
                        "tracestate",
                        "v=1");
                Iterator<String> data = lines.filter(line -> line.startsWith("data: {\"position\""))
                        .iterator();
                JsonNode event = JSON.readTree(data.next().substring("data: ".length()));
                assertThat(event.at("/headers/traceparent").asText()).isEqualTo(PARENT);
                assertThat(event.at("/headers/tracestate").asText()).isEqualTo("v=1");
            }
            Await.until("the webhook has it", () -> !receiver.received().isEmpty());
            WebhookReceiver.Received one = receiver.received().get(0);
            assertThat(one.headers()).containsEntry("traceparent", PARENT).containsEntry("tracestate", "v=1");
            assertThat(one.event().getExtension("traceparent")).isEqualTo(PARENT);
            send("DELETE", "/v1/webhooks/orders/hook", "");
        }
        String traceId = new String(HexFormat.of().parseHex(TRACE), StandardCharsets.ISO_8859_1);
        Await.until(
                "the collector has the span",
                () -> SPANS.stream()
                        .anyMatch(sent -> sent.contains(traceId)
                                && sent.contains("POST /v1/topics/{topic}/events")
                                && sent.contains("eckermann.request_id")
                                && sent.contains("service.instance.id")));
    }

    @Test
    void eventKeepsItsOwnTraceAndWhatIsMalformedIsNobodys() throws Exception {
        String own = PARENT.replace("b7ad", "1111");
        long first = appended(send(
                "POST",
                "/v1/topics/t/events",
                "{\"events\":[{\"data\":1,\"headers\":{\"traceparent\":\"" + own + "\"}},{\"data\":2}]}",
                "traceparent",
                PARENT));
        assertThat(event(first).at("/headers/traceparent").asText()).isEqualTo(own);
        assertThat(event(first + 1).at("/headers/traceparent").asText()).isEqualTo(PARENT);
        long unmarked = appended(send("POST", "/v1/topics/t/events", "{\"data\":1}", "traceparent", "00-nonsense-01"));
        assertThat(event(unmarked).has("headers")).isFalse();
    }

    @Test
    void cloudEventsHaveItAsTheirExtension() throws Exception {
        long at = appended(send(
                "POST",
                "/v1/topics/t/events",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"T\",\"traceparent\":\"" + PARENT
                        + "\"}",
                "Content-Type",
                "application/cloudevents+json"));
        assertThat(event(at).at("/headers/traceparent").asText()).isEqualTo(PARENT);
        assertThat(send("GET", "/v1/topics/t/events/" + at, "", "Accept", "application/cloudevents+json")
                        .body())
                .contains("\"traceparent\":\"" + PARENT + "\"")
                .doesNotContain("eckermannheaders");
    }

    @Test
    void callByGrpcSaysItInItsMetadata() throws Exception {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), PARENT);
        AppendResponse appended = LogGrpc.newBlockingStub(ClientInterceptors.intercept(
                        cluster.channel("n1"), MetadataUtils.newAttachHeadersInterceptor(headers)))
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .append(AppendRequest.newBuilder()
                        .setTopic("t")
                        .setEvents(Events.newBuilder()
                                .addEvents(Event.newBuilder().setPayload(ByteString.copyFromUtf8("1"))))
                        .build());
        assertThat(event(appended.getFirst()).at("/headers/traceparent").asText())
                .isEqualTo(PARENT);
    }

    @Test
    void retryInAnotherTraceIsTheSameAppendAndNoneIsRefusedForItsTrace() throws Exception {
        String body = "{\"data\":1}";
        HttpResponse<String> first =
                send("POST", "/v1/topics/t/events", body, "Idempotency-Key", "k-1", "traceparent", PARENT);
        HttpResponse<String> retry = send(
                "POST",
                "/v1/topics/t/events",
                body,
                "Idempotency-Key",
                "k-1",
                "traceparent",
                PARENT.replace("b7ad", "2222"));
        assertThat(retry.statusCode()).isEqualTo(200);
        assertThat(appended(retry)).isEqualTo(appended(first));
        for (String span : List.of("3333", "4444")) {
            assertThat(send(
                                    "POST",
                                    "/v1/topics/t/events",
                                    body,
                                    "Eckermann-Producer",
                                    "p",
                                    "Eckermann-Sequence",
                                    "1",
                                    "traceparent",
                                    PARENT.replace("b7ad", span))
                            .statusCode())
                    .isIn(200, 201);
        }
        String many = "{\"data\":\"" + "x".repeat(20) + "\"}\n";
        assertThat(send(
                                "POST",
                                "/v1/topics/t/events",
                                many.repeat(60_000),
                                "Content-Type",
                                "application/x-ndjson",
                                "traceparent",
                                PARENT)
                        .statusCode())
                .isEqualTo(201);
    }

    private static long appended(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
        return JSON.readTree(answer.body()).path("first").asLong();
    }

    private static JsonNode event(long position) throws Exception {
        return JSON.readTree(send("GET", "/v1/topics/t/events/" + position, "").body());
    }

    private static HttpRequest.Builder request(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress("n1") + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .setHeader("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return request;
    }

    private static HttpResponse<String> send(String method, String path, String body, String... headers)
            throws Exception {
        return HTTP.send(request(method, path, body, headers).build(), HttpResponse.BodyHandlers.ofString());
    }
}
