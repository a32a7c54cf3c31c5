package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.eckermann.gateway.access.TestIssuer;
import io.eckermann.protocol.v1.AccessGrpc;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.CreateKeyRequest;
import io.eckermann.protocol.v1.CreateKeyResponse;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.Grant;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.SetRulesRequest;
import io.eckermann.protocol.v1.Verb;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose nodes ask who calls, and calls of its doors. */
abstract class GuardedCluster {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<String> REQUEST_ID = Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
    static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path root;

    static TestIssuer issuer;
    static TestCluster cluster;
    static String admin;
    static String follower;

    @BeforeAll
    static void start() throws Exception {
        issuer = new TestIssuer();
        cluster = new TestCluster(
                root,
                3,
                "security.enabled=true",
                "security.allow-plain-text=true",
                "security.oidc.issuer=" + issuer.issuer(),
                "security.oidc.audience=" + TestIssuer.AUDIENCE);
        cluster.startAll();
        follower = cluster.follower();
        Await.until("the first key is there", () -> firstKey().isPresent());
        Path file = firstKey().orElseThrow();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        admin = Files.readString(file).strip();
        for (String id : cluster.ids()) {
            Await.until("it opens " + id, () -> get(id, "/v1/access/me", admin).statusCode() == 200);
        }
        for (String topic : List.of("orders", "orders.de", "secrets")) {
            assertThat(put("/v1/topics/" + topic, "{}", admin).statusCode()).isEqualTo(201);
        }
        assertThat(put("/v1/topics/news", "{\"anonymous_read\":true}", admin).statusCode())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        cluster.close();
        issuer.close();
    }

    private static Optional<Path> firstKey() {
        return cluster.ids().stream()
                .map(id -> cluster.dataDirectory(id).resolve(Gatekeeping.FIRST_KEY))
                .filter(Files::exists)
                .findFirst();
    }

    static Grant cursors(String consumers) {
        return Grant.newBuilder()
                .addVerbs(Verb.CURSOR)
                .setTopics("orders")
                .setConsumers(consumers)
                .build();
    }

    /** As the audit tells them: those of one window come together. */
    static long refusals(String principal) throws Exception {
        long times = 0;
        for (JsonNode event : JSON.readTree(get(follower, "/v1/topics/_audit/events?limit=1000", admin)
                        .body())
                .path("events")) {
            if (event.at("/data/principal").asText().equals(principal)) {
                times += event.at("/data/times").asLong();
            }
        }
        return times;
    }

    static CreateKeyResponse key(String principal, Grant... allow) {
        AccessGrpc.AccessBlockingStub access = access(follower, admin);
        access.setRules(SetRulesRequest.newBuilder()
                .setSubject(principal)
                .addAllAllow(List.of(allow))
                .build());
        return access.createKey(
                CreateKeyRequest.newBuilder().setPrincipal(principal).build());
    }

    static Grant grant(String topics, Verb... verbs) {
        return Grant.newBuilder().addAllVerbs(List.of(verbs)).setTopics(topics).build();
    }

    static AccessGrpc.AccessBlockingStub access(String node, String key) {
        return AccessGrpc.newBlockingStub(as(node, key)).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    static Channel as(String node, String key) {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + key);
        return ClientInterceptors.intercept(cluster.channel(node), MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    static AppendResponse append(Channel channel, String topic, String idempotencyKey) {
        return LogGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .append(request(topic, idempotencyKey));
    }

    static AppendRequest request(String topic, String idempotencyKey) {
        return AppendRequest.newBuilder()
                .setTopic(topic)
                .setIdempotencyKey(idempotencyKey)
                .setEvents(Events.newBuilder().addEvents(Event.newBuilder().setPayload(ByteString.copyFromUtf8("x"))))
                .build();
    }

    static Status.Code code(Runnable call) {
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, call::run);
        return refused == null ? Status.Code.OK : refused.getStatus().getCode();
    }

    static HttpResponse<String> get(String node, String path, @Nullable String key) throws Exception {
        return send("GET", node, path, null, key);
    }

    static HttpResponse<String> put(String path, String body, @Nullable String key) throws Exception {
        return send("PUT", follower, path, body, key);
    }

    static HttpResponse<String> post(String path, String body, @Nullable String key) throws Exception {
        return send("POST", follower, path, body, key);
    }

    static HttpResponse<String> send(
            String method, String node, String path, @Nullable String body, @Nullable String key) throws Exception {
        return HTTP.send(request(method, node, path, body, key).build(), HttpResponse.BodyHandlers.ofString());
    }

    static HttpRequest.Builder request(
            String method, String node, String path, @Nullable String body, @Nullable String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(node) + path))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .header("Content-Type", "application/json");
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return request;
    }
}
