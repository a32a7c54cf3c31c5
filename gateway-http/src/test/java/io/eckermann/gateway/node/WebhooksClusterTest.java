package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eckermann.gateway.node.WebhookReceiver.Answer;
import io.eckermann.gateway.node.WebhookReceiver.Received;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks of a real cluster, with a real receiver. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class WebhooksClusterTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static TestCluster cluster;

    private WebhookReceiver receiver;
    private String topic;
    private String path;
    private int asked;

    @BeforeAll
    static void start(@TempDir Path root) throws Exception {
        cluster = new TestCluster(root, 3);
        cluster.startAll();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void open(TestInfo test) throws Exception {
        receiver = new WebhookReceiver();
        topic = test.getTestMethod().orElseThrow().getName();
        path = "/v1/webhooks/" + topic + "/hook";
        send("PUT", "/v1/topics/" + topic, "");
    }

    @AfterEach
    void close() throws Exception {
        send("DELETE", path, "");
        receiver.close();
    }

    @Test
    void eventsComeInOrderSignedAndFiltered() throws Exception {
        append(1, 1);
        assertThat(create(",\"secret\":\"whsec_" + KEY + "\",\"filter\":\"data.n != 3\",\"position\":1")
                        .statusCode())
                .isEqualTo(201);
        append(2, 20);
        awaitPositions(LongStream.rangeClosed(1, 20).filter(n -> n != 3).boxed().toList());

        Received one = receiver.received().get(0);
        assertThat(one.event().getType()).isEqualTo("Said");
        assertThat(one.headers().get("content-type")).startsWith("application/cloudevents+json");
        String signed = one.headers().get("webhook-id") + "." + one.headers().get("webhook-timestamp") + ".";
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
        byte[] hmac = mac.doFinal((signed + one.body()).getBytes(StandardCharsets.UTF_8));
        assertThat(one.headers())
                .containsEntry("webhook-signature", "v1," + Base64.getEncoder().encodeToString(hmac));
        awaitSettled();
        JsonNode shown = show();
        assertThat(shown.at("/settings/signed").asBoolean()).isTrue();
        assertThat(shown.toString()).doesNotContain(KEY);
        assertThat(shown.at("/group/floor").asLong()).isEqualTo(20);

        assertThat(send("PATCH", path, "{\"mode\":\"binary\",\"secret\":\"\",\"filter\":\"\"}")
                        .statusCode())
                .isEqualTo(200);
        AtomicLong next = new AtomicLong(21);
        Await.until("binary ones come", () -> {
            append(next.get(), next.getAndIncrement());
            return receiver.received().stream().anyMatch(each -> each.headers().containsKey("ce-type"));
        });
        Received last = receiver.received().get(receiver.received().size() - 1);
        assertThat(last.headers()).containsEntry("ce-type", "Said").doesNotContainKey("webhook-signature");
        assertThat(last.body()).isEqualTo("{\"n\":" + last.position() + "}");
    }

    @Test
    void whatFailsIsTriedAgainBeforeWhatFollows() throws Exception {
        receiver.answer(event -> {
            long before = receiver.positions().stream()
                    .filter(each -> each == event.position())
                    .count();
            if (event.position() == 2 && before <= 2) {
                return new Answer(500, 0);
            }
            return event.position() == 4 && before == 1 ? new Answer(429, 1) : Answer.OK;
        });
        create(",\"min_backoff\":\"10ms\"");
        append(1, 6);
        awaitPositions(List.of(1L, 2L, 2L, 2L, 3L, 4L, 4L, 5L, 6L));
        List<Received> fourth = receiver.received().stream()
                .filter(each -> each.position() == 4)
                .toList();
        assertThat(fourth.get(1).atNanos() - fourth.get(0).atNanos())
                .as("the receiver's own wish")
                .isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void whatFailsTooOftenOrForEverIsParkedAndCanBeReplayed() throws Exception {
        receiver.answer(event -> switch ((int) event.position()) {
            case 2 -> new Answer(503, 0);
            case 3 -> new Answer(422, 0);
            default -> Answer.OK;
        });
        create(",\"min_backoff\":\"10ms\",\"max_backoff\":\"20ms\",\"max_attempts\":3");
        append(1, 4);
        awaitPositions(List.of(1L, 2L, 2L, 2L, 3L, 4L));
        awaitSettled();
        JsonNode parked =
                JSON.readTree(send("GET", path + "/parked", "").body()).get("parked");
        assertThat(parked).hasSize(2);
        assertThat(parked.get(0).get("position").asLong()).isEqualTo(2);
        assertThat(parked.get(0).get("reason").asText()).contains("503");
        assertThat(parked.get(1).get("reason").asText()).contains("422");

        receiver.answer(event -> Answer.OK);
        assertThat(send("POST", path + "/parked/replay", "").body()).contains("\"changed\":2");
        awaitPositions(List.of(1L, 2L, 2L, 2L, 3L, 4L, 2L, 3L));
        awaitSettled();
        assertThat(show().at("/group/parked").asInt()).isZero();
    }

    @Test
    void whoIsGoneGetsNothingMoreUntilResumed() throws Exception {
        receiver.answer(event -> event.position() == 2 ? new Answer(410, 0) : Answer.OK);
        create("");
        append(1, 3);
        Await.until("it is retired", () -> show().get("state").asText().equals("retired"));
        assertThat(show().get("reason").asText()).contains("410").contains("2");
        assertThat(receiver.positions()).containsExactly(1L, 2L);

        receiver.answer(event -> Answer.OK);
        receiver.allow("somebody else", "*");
        HttpResponse<String> refused = send("POST", path + "/resume", "");
        assertThat(refused.statusCode()).isEqualTo(422);
        receiver.allow("*", "*");
        assertThat(send("POST", path + "/resume", "").statusCode()).isEqualTo(200);
        awaitPositions(List.of(1L, 2L, 2L, 3L));

        send("POST", path + "/pause", "");
        append(4, 4);
        assertThat(show().get("state").asText()).isEqualTo("paused");
        send("POST", path + "/resume", "");
        awaitPositions(List.of(1L, 2L, 2L, 3L, 4L));
    }

    @Test
    void whoDoesNotWantEventsOrMayNotHaveThemIsToldSo() throws Exception {
        receiver.allow("somebody else", "*");
        HttpResponse<String> refused = create("");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(refused.body()).contains("WEBHOOK_REFUSED").contains("WebHook-Allowed-Origin: eckermann");
        for (String url : List.of("http://example.com/", "https://169.254.169.254/")) {
            HttpResponse<String> forbidden = send("PUT", path, "{\"url\":\"" + url + "\"}");
            assertThat(forbidden.statusCode()).as(forbidden.body()).isEqualTo(422);
            assertThat(forbidden.body()).contains("webhooks.");
        }
        assertThat(send("PUT", path, "{\"url\":\"ftp://127.0.0.1/\"}").statusCode())
                .isEqualTo(400);
        assertThat(send("GET", path, "").statusCode()).isEqualTo(404);
    }

    @Test
    void theReceiversRateIsKept() throws Exception {
        receiver.allow("*", "600");
        create("");
        append(1, 4);
        awaitPositions(List.of(1L, 2L, 3L, 4L));
        List<Received> all = receiver.received();
        assertThat(all.get(3).atNanos() - all.get(0).atNanos())
                .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(290));
    }

    /** The last one: the node stays away. */
    @Test
    @Order(Integer.MAX_VALUE)
    void aLostLeaderLosesNoEvent() throws Exception {
        create(",\"timeout\":\"500ms\"");
        append(1, 30);
        Await.until("some came", () -> receiver.positions().size() > 5);
        String leader = cluster.awaitLeader();
        cluster.stop(leader);
        append(31, 50);
        Await.until("all came", () -> receiver.positions().contains(50L));

        assertThat(new TreeSet<>(receiver.positions()))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 50).boxed().toList());
        assertThat(receiver.positions().stream().distinct())
                .as("in order, the first time")
                .isSorted();
    }

    private HttpResponse<String> create(String more) throws Exception {
        return send("PUT", path, "{\"url\":\"" + receiver.url() + "\"" + more + "}");
    }

    private JsonNode show() throws Exception {
        return JSON.readTree(send("GET", path, "").body());
    }

    private void append(long from, long to) throws Exception {
        for (long n = from; n <= to; n++) {
            assertThat(send("POST", "/v1/topics/" + topic + "/events", "{\"type\":\"Said\",\"data\":{\"n\":" + n + "}}")
                            .statusCode())
                    .isIn(200, 201);
        }
    }

    private void awaitPositions(List<Long> expected) throws Exception {
        Await.until("so many requests", () -> receiver.received().size() >= expected.size());
        assertThat(receiver.positions()).containsExactlyElementsOf(expected);
    }

    private void awaitSettled() throws Exception {
        Await.until("all is settled", () -> show().at("/group/behind").asLong() == 0);
    }

    /** At each node in turn; one that is stopped is passed over. */
    private HttpResponse<String> send(String method, String target, String body) throws Exception {
        for (int attempt = 0; ; attempt++) {
            String id = cluster.ids().get(asked++ % 3);
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(id) + target))
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", topic + Integer.toHexString(body.hashCode()))
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            try {
                HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() < 500 || attempt == 20) {
                    return answer;
                }
            } catch (IOException stopped) {
                if (attempt == 20) {
                    throw stopped;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }
}
