package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.nimbusds.jwt.PlainJWT;
import io.eckermann.gateway.access.TestIssuer;
import io.eckermann.protocol.v1.AccessGrpc;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.CreateKeyRequest;
import io.eckermann.protocol.v1.CreateKeyResponse;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.GetClusterRequest;
import io.eckermann.protocol.v1.Grant;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RevokeKeyRequest;
import io.eckermann.protocol.v1.SetRulesRequest;
import io.eckermann.protocol.v1.Verb;
import io.eckermann.protocol.v1.WhoAmIRequest;
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
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose nodes ask who calls. */
final class GuardedClusterTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> REQUEST_ID =
            Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path root;

    private static TestIssuer issuer;
    private static TestCluster cluster;
    private static String admin;
    private static String follower;

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

    @Test
    void whoShowsNothingGetsNothingButWhatIsPublic() throws Exception {
        for (String path : List.of(
                "/v1/topics",
                "/v1/topics/orders",
                "/v1/topics/orders/events",
                "/v1/cluster",
                "/metrics",
                "/v1/access/keys",
                "/v1/access/me",
                "/v1/topics/no-such-topic")) {
            HttpResponse<String> refused = get(follower, path, null);
            assertThat(refused.statusCode()).as(path).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(refused.body()).contains("UNAUTHENTICATED").doesNotContain("orders");
        }
        assertThat(put("/v1/topics/mine", "{}", null).statusCode()).isEqualTo(401);
        assertThat(post("/v1/topics/news/events", "{\"data\":1}", null).statusCode())
                .isEqualTo(401);
        assertThat(get(follower, "/healthz/live", null).statusCode()).isEqualTo(200);
        assertThat(get(follower, "/v1/topics/news/events", null).statusCode()).isEqualTo(200);
        assertThat(code(() -> ClusterGrpc.newBlockingStub(cluster.channel(follower))
                        .getCluster(GetClusterRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(code(() -> append(cluster.channel(follower), "orders", ""))).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void aKeyOpensWhatItsRulesSayAtEveryNodeAndNoMoreOnceItIsRevoked() throws Exception {
        CreateKeyResponse key = key("billing", grant("orders*", Verb.READ, Verb.APPEND));
        for (String id : cluster.ids()) {
            Await.until(
                    "the key opens " + id,
                    () -> get(id, "/v1/topics/orders", key.getSecret()).statusCode() == 200);
            assertThat(append(as(id, key.getSecret()), "orders.de", "").getFirst())
                    .isPositive();
            assertThat(get(id, "/v1/topics/secrets", key.getSecret()).statusCode())
                    .isEqualTo(403);
            assertThat(get(id, "/v1/topics?prefix=orders", key.getSecret()).statusCode())
                    .isEqualTo(200);
            assertThat(get(id, "/v1/topics", key.getSecret()).statusCode()).isEqualTo(403);
            assertThat(get(id, "/v1/cursors/c/orders", key.getSecret()).statusCode())
                    .isEqualTo(403);
            assertThat(code(() -> access(id, key.getSecret())
                            .createKey(CreateKeyRequest.newBuilder()
                                    .setPrincipal("billing")
                                    .build())))
                    .isEqualTo(Status.Code.PERMISSION_DENIED);
        }
        CompletableFuture<Status.Code> stream =
                EndlessAppends.end(as(follower, key.getSecret()), request("orders", ""));
        Iterator<ReadFrame> following = LogGrpc.newBlockingStub(as(follower, key.getSecret()))
                .read(ReadRequest.newBuilder()
                        .setTopic("orders")
                        .setFollow(true)
                        .setHeartbeatMillis(100)
                        .build());
        assertThat(following.next().hasStarted()).isTrue();
        access(follower, admin)
                .revokeKey(RevokeKeyRequest.newBuilder()
                        .setId(key.getKey().getId())
                        .build());
        assertThat(get(follower, "/v1/topics/orders", key.getSecret()).statusCode())
                .isEqualTo(401);
        assertThat(code(() -> following.forEachRemaining(frame -> {}))).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(stream.get(30, TimeUnit.SECONDS)).isEqualTo(Status.Code.UNAUTHENTICATED);
        for (String id : cluster.ids()) {
            Await.until(
                    "it is revoked at " + id,
                    () -> get(id, "/v1/topics/orders", key.getSecret()).statusCode() == 401);
        }
    }

    @Test
    void whatIsMalformedOpensNothing() throws Exception {
        CreateKeyResponse key = key("other", grant("orders", Verb.READ));
        String secret = key.getSecret();
        String wrong = secret.substring(0, secret.length() - 1) + (secret.endsWith("A") ? "B" : "A");
        for (String shown : List.of(wrong, "eck_" + key.getKey().getId() + "_", "", "eck_", "a.b.c", secret + "x")) {
            assertThat(get(follower, "/v1/topics/orders", shown).statusCode())
                    .as(shown)
                    .isEqualTo(401);
        }
        HttpRequest twice = HttpRequest.newBuilder(
                        URI.create("http://" + cluster.httpAddress(follower) + "/v1/topics/orders"))
                .header("Authorization", "Bearer " + secret)
                .header("Authorization", "Bearer " + admin)
                .build();
        assertThat(HTTP.send(twice, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
        for (String path : List.of(
                "/v1/topics/orders%2F..%2Fsecrets",
                "/v1/topics/orders/../secrets/events",
                "/v1/topics/..%2Fsecrets",
                "/v1//topics/secrets",
                "/v1/topics/secrets%00",
                "/v1/topics/_audit/events")) {
            assertThat(get(follower, path, secret).statusCode()).as(path).isIn(400, 403, 404);
        }
    }

    @Test
    void oneConsumersRightIsNotAnothers() throws Exception {
        Grant cursor = Grant.newBuilder()
                .addVerbs(Verb.CURSOR)
                .setTopics("orders")
                .setConsumers("mail-*")
                .build();
        String mail = key("mail", cursor).getSecret();
        assertThat(get(follower, "/v1/cursors/mail-1/orders", mail).statusCode())
                .isEqualTo(404);
        assertThat(get(follower, "/v1/cursors/billing/orders", mail).statusCode())
                .isEqualTo(403);
        assertThat(get(follower, "/v1/cursors?topic=orders", mail).statusCode()).isEqualTo(403);
        assertThat(get(follower, "/v1/cursors?consumer=mail-1", mail).statusCode())
                .isEqualTo(403);
        assertThat(post("/v1/groups/orders/mail-2/lease", "{}", mail).statusCode())
                .isEqualTo(403);
    }

    @Test
    void idempotencyKeysOfTwoPrincipalsAreTwo() throws Exception {
        String one = key("one", grant("orders", Verb.APPEND)).getSecret();
        String two = key("two", grant("orders", Verb.APPEND)).getSecret();
        AppendResponse first = append(as(follower, one), "orders", "key-1");
        assertThat(append(as(follower, one), "orders", "key-1").getFirst()).isEqualTo(first.getFirst());
        AppendResponse others = append(as(follower, two), "orders", "key-1");
        assertThat(others.getDuplicate()).isFalse();
        assertThat(others.getFirst()).isGreaterThan(first.getFirst());
    }

    @Test
    void theAuditTellsWhoAdministeredAndWhoWasRefusedWithoutSecrets() throws Exception {
        String secret = key("audited", grant("orders", Verb.READ)).getSecret();
        for (int i = 0; i < 50; i++) {
            assertThat(get(follower, "/v1/topics/secrets%0d%0aINFO", secret).statusCode())
                    .isEqualTo(403);
        }
        Await.until("both are told", () -> {
            String told =
                    get(follower, "/v1/topics/_audit/events?limit=1000", admin).body();
            return told.contains("\"times\":50") && told.contains("Access/CreateKey");
        });
        String told =
                get(follower, "/v1/topics/_audit/events?limit=1000", admin).body();
        assertThat(told)
                .contains("secrets\\r\\nINFO")
                .contains("\"principal\":\"admin\"")
                .doesNotContain(secret)
                .doesNotContain(admin);
        assertThat(post("/v1/topics/_audit/events", "{\"data\":1}", admin).statusCode())
                .isIn(400, 403);
        assertThat(send("DELETE", follower, "/v1/topics/_audit", null, admin).statusCode())
                .isIn(400, 403);
        assertThat(get(follower, "/v1/topics/_audit/events", secret).statusCode())
                .isEqualTo(403);
    }

    @Test
    void requestIdsAreToldToCallersAndToTheAudit() throws Exception {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + admin);
        headers.put(REQUEST_ID, "grpc-1");
        AtomicReference<Metadata> answered = new AtomicReference<>();
        AccessGrpc.AccessBlockingStub access = AccessGrpc.newBlockingStub(ClientInterceptors.intercept(
                cluster.channel(follower),
                MetadataUtils.newAttachHeadersInterceptor(headers),
                MetadataUtils.newCaptureMetadataInterceptor(answered, new AtomicReference<>())));
        access.createKey(CreateKeyRequest.newBuilder().setPrincipal("found").build());
        assertThat(Objects.requireNonNull(answered.get()).get(REQUEST_ID)).isEqualTo("grpc-1");
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> access.revokeKey(
                        RevokeKeyRequest.newBuilder().setId("0123456789abcdef").build()));
        assertThat(Objects.requireNonNull(Status.trailersFromThrowable(refused)).get(REQUEST_ID)).isEqualTo("grpc-1");
        Await.until("it is in the audit", () -> get(follower, "/v1/topics/_audit/events?limit=1000", admin)
                .body()
                .contains("CreateKey\",\"request_id\":\"grpc-1\""));
    }

    @Test
    void aTokenOpensWhatItsSubjectAndItsRolesMay() throws Exception {
        AccessGrpc.AccessBlockingStub access = access(follower, admin);
        access.setRules(SetRulesRequest.newBuilder()
                .setSubject("role:readers")
                .addAllow(grant("orders", Verb.READ))
                .build());
        access.setRules(SetRulesRequest.newBuilder()
                .setSubject("token:alice")
                .addAllow(grant("orders", Verb.APPEND))
                .build());
        Instant now = Instant.now();
        String token = issuer.sign(issuer.claims("alice", now).build());
        Await.until(
                "the issuer is known",
                () -> get(follower, "/v1/access/me", token).statusCode() == 200);
        assertThat(get(follower, "/v1/topics/orders", token).statusCode()).isEqualTo(200);
        assertThat(append(as(follower, token), "orders", "").getFirst()).isPositive();
        assertThat(get(follower, "/v1/topics/secrets", token).statusCode()).isEqualTo(403);
        String admins = issuer.sign(
                issuer.claims("admin", now).claim("roles", List.of("admin")).build());
        assertThat(get(follower, "/v1/topics/orders", admins).statusCode()).isEqualTo(403);
        String others =
                issuer.sign(issuer.claims("alice", now).audience("others").build());
        String late = issuer.sign(issuer.claims("alice", now.minusSeconds(600)).build());
        String none = new PlainJWT(issuer.claims("alice", now).build()).serialize();
        for (String wrong : List.of(others, late, none, token.substring(0, token.lastIndexOf('.') + 1))) {
            assertThat(get(follower, "/v1/topics/orders", wrong).statusCode()).isEqualTo(401);
            assertThat(code(() -> append(as(follower, wrong), "orders", ""))).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void whoeverCallsIsToldWhoItIs() throws Exception {
        String secret = key("me", grant("orders", Verb.READ)).getSecret();
        JsonNode me = JSON.readTree(get(follower, "/v1/access/me", secret).body());
        assertThat(me.path("principal").asText()).isEqualTo("me");
        assertThat(me.at("/allow/0/topics").asText()).isEqualTo("orders");
        assertThat(access(follower, secret)
                        .whoAmI(WhoAmIRequest.getDefaultInstance())
                        .getPrincipal())
                .isEqualTo("me");
    }

    private static CreateKeyResponse key(String principal, Grant... allow) {
        AccessGrpc.AccessBlockingStub access = access(follower, admin);
        access.setRules(SetRulesRequest.newBuilder()
                .setSubject(principal)
                .addAllAllow(List.of(allow))
                .build());
        return access.createKey(
                CreateKeyRequest.newBuilder().setPrincipal(principal).build());
    }

    private static Grant grant(String topics, Verb... verbs) {
        return Grant.newBuilder().addAllVerbs(List.of(verbs)).setTopics(topics).build();
    }

    private static AccessGrpc.AccessBlockingStub access(String node, String key) {
        return AccessGrpc.newBlockingStub(as(node, key)).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static Channel as(String node, String key) {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + key);
        return ClientInterceptors.intercept(cluster.channel(node), MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static AppendResponse append(Channel channel, String topic, String idempotencyKey) {
        return LogGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .append(request(topic, idempotencyKey));
    }

    private static AppendRequest request(String topic, String idempotencyKey) {
        return AppendRequest.newBuilder()
                .setTopic(topic)
                .setIdempotencyKey(idempotencyKey)
                .setEvents(Events.newBuilder().addEvents(Event.newBuilder().setPayload(ByteString.copyFromUtf8("x"))))
                .build();
    }

    private static Status.Code code(Runnable call) {
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, call::run);
        return refused == null ? Status.Code.OK : refused.getStatus().getCode();
    }

    private static HttpResponse<String> get(String node, String path, @Nullable String key) throws Exception {
        return send("GET", node, path, null, key);
    }

    private static HttpResponse<String> put(String path, String body, @Nullable String key) throws Exception {
        return send("PUT", follower, path, body, key);
    }

    private static HttpResponse<String> post(String path, String body, @Nullable String key) throws Exception {
        return send("POST", follower, path, body, key);
    }

    private static HttpResponse<String> send(
            String method, String node, String path, @Nullable String body, @Nullable String key) throws Exception {
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
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
