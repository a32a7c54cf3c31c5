package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.PlainJWT;
import io.eckermann.protocol.v1.AccessGrpc;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.CreateKeyRequest;
import io.eckermann.protocol.v1.CreateKeyResponse;
import io.eckermann.protocol.v1.GetClusterRequest;
import io.eckermann.protocol.v1.Grant;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RevokeKeyRequest;
import io.eckermann.protocol.v1.SetRulesRequest;
import io.eckermann.protocol.v1.Verb;
import io.eckermann.protocol.v1.WhoAmIRequest;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the nodes of a cluster that asks who calls let in, and whom. */
final class GuardedClusterTest extends GuardedCluster {
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
        // The id of another one's key before this one's secret, and the other way round.
        int idEnd = "eck_0123456789abcdef".length();
        String swapped = admin.substring(0, idEnd) + secret.substring(idEnd);
        for (String shown :
                List.of(wrong, swapped, "eck_" + key.getKey().getId() + "_", "", "eck_", "a.b.c", secret + "x")) {
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

    /** As of keys, of which one has the id and not the secret: names of others' things open none of them. */
    @Test
    void othersCursorsGroupsAndIdempotencyKeysStayTheirs() throws Exception {
        String mine = key("mine", grant("orders", Verb.READ, Verb.APPEND), cursors("mine-*"))
                .getSecret();
        String theirs = key("theirs", grant("orders", Verb.READ, Verb.APPEND), cursors("theirs-*"))
                .getSecret();
        AppendResponse first = append(as(follower, theirs), "orders", "theirs-1");
        assertThat(put("/v1/cursors/theirs-1/orders", "{\"position\":1}", theirs)
                        .statusCode())
                .isEqualTo(200);
        assertThat(put("/v1/groups/orders/theirs-2", "{}", theirs).statusCode()).isIn(200, 201);
        AppendResponse own = append(as(follower, mine), "orders", "theirs-1");
        assertThat(own.getDuplicate()).isFalse();
        assertThat(own.getFirst()).isNotEqualTo(first.getFirst());
        assertThat(get(follower, "/v1/cursors/theirs-1/orders", mine).statusCode())
                .isEqualTo(403);
        assertThat(put("/v1/cursors/theirs-1/orders", "{\"position\":2}", mine).statusCode())
                .isEqualTo(403);
        assertThat(send("DELETE", follower, "/v1/cursors/theirs-1/orders", null, mine)
                        .statusCode())
                .isEqualTo(403);
        assertThat(post("/v1/groups/orders/theirs-2/lease", "{}", mine).statusCode())
                .isEqualTo(403);
        assertThat(send("DELETE", follower, "/v1/groups/orders/theirs-2", null, mine)
                        .statusCode())
                .isEqualTo(403);
        // In a step, too, which commits cursors beside its appends.
        assertThat(post(
                                "/v1/append",
                                "{\"appends\":[{\"topic\":\"orders\",\"events\":[{\"data\":1}]}],\"cursors\":"
                                        + "[{\"consumer\":\"theirs-1\",\"topic\":\"orders\",\"position\":2}]}",
                                mine)
                        .statusCode())
                .isEqualTo(403);
        assertThat(JSON.readTree(get(follower, "/v1/cursors/theirs-1/orders", theirs)
                                .body())
                        .path("position")
                        .asLong())
                .isEqualTo(1);
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
        Await.until(
                "both are told",
                () -> refusals("audited") == 50
                        && get(follower, "/v1/topics/_audit/events?limit=1000", admin)
                                .body()
                                .contains("Access/CreateKey"));
        String told =
                get(follower, "/v1/topics/_audit/events?limit=1000", admin).body();
        assertThat(told)
                .contains("secrets\\r\\nINFO")
                .contains("\"principal\":\"admin\"")
                .doesNotContain(secret)
                .doesNotContain(admin);
        for (String anybody : List.of(admin, secret)) {
            assertThat(post("/v1/topics/_audit/events", "{\"data\":1}", anybody).statusCode())
                    .isEqualTo(403);
            assertThat(send("DELETE", follower, "/v1/topics/_audit", null, anybody)
                            .statusCode())
                    .isEqualTo(403);
        }
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
        assertThat(Objects.requireNonNull(Status.trailersFromThrowable(refused)).get(REQUEST_ID))
                .isEqualTo("grpc-1");
        Await.until(
                "it is in the audit",
                () -> get(follower, "/v1/topics/_audit/events?limit=1000", admin)
                        .body()
                        .contains("CreateKey\",\"request_id\":\"grpc-1\""));
    }

    @Test
    void whoHasTooManyConnectionsOrReadTooMuchIsToldWhenToComeBack() throws Exception {
        String secret = key("crowd", grant("orders", Verb.READ, Verb.APPEND)).getSecret();
        for (int i = 0; i < 20; i++) {
            append(as(follower, secret), "orders", "");
        }
        assertThat(put("/v1/access/quotas/crowd", "{\"connections\":2,\"read_bytes_per_second\":10}", admin)
                        .statusCode())
                .isEqualTo(204);
        String events = "/v1/topics/orders/events?limit=20";
        HttpResponse<String> page = get(follower, events, secret);
        assertThat(page.statusCode()).isEqualTo(200);
        HttpResponse<String> tooMuch = get(follower, events, secret);
        assertThat(tooMuch.statusCode()).isEqualTo(429);
        assertThat(tooMuch.body()).contains("\"bound\":\"read_bytes_per_second\"");
        assertThat(tooMuch.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isPositive();
        assertThat(get(follower, events, admin).statusCode()).isEqualTo(200);
        // One connection of HTTP and one of gRPC are there: a third is one too many, until one is closed.
        append(as(follower, secret), "orders", "");
        HttpClient third = HttpClient.newHttpClient();
        HttpRequest head =
                request("GET", follower, "/v1/topics/orders/head", null, secret).build();
        HttpResponse<String> refused = third.send(head, HttpResponse.BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("\"bound\":\"connections\"");
        assertThat(get(follower, "/v1/topics/orders/head", secret).statusCode()).isEqualTo(200);
        assertThat(third.send(
                                request("GET", follower, "/v1/topics/orders/head", null, admin)
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
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
}
