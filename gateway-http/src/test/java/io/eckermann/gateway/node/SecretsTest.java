package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eckermann.protocol.v1.CreateKeyRequest;
import io.eckermann.protocol.v1.CreateKeyResponse;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.SetRulesRequest;
import io.eckermann.protocol.v1.Verb;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What callers show: how long it counts, and that it is nowhere to be found afterwards. */
final class SecretsTest extends GuardedCluster {
    private static final long KEY_LASTS_NS = TimeUnit.SECONDS.toNanos(2);

    @Test
    void aKeyThatHasExpiredOpensNothingAtAnyDoorAndEndsWhatIsOpen() throws Exception {
        access(follower, admin)
                .setRules(SetRulesRequest.newBuilder()
                        .setSubject("visitor")
                        .addAllow(grant("orders", Verb.READ, Verb.APPEND))
                        .build());
        long expiresNs = nowNs() + KEY_LASTS_NS;
        String secret = access(follower, admin)
                .createKey(CreateKeyRequest.newBuilder()
                        .setPrincipal("visitor")
                        .setExpiresNs(expiresNs)
                        .build())
                .getSecret();
        Iterator<ReadFrame> following = LogGrpc.newBlockingStub(as(follower, secret))
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .read(ReadRequest.newBuilder()
                        .setTopic("orders")
                        .setFollow(true)
                        .setHeartbeatMillis(100)
                        .build());
        int before = get(follower, "/v1/topics/orders", secret).statusCode();
        assertThat(before == 200 || nowNs() >= expiresNs)
                .as("it opens at first")
                .isTrue();

        assertThat(code(() -> following.forEachRemaining(frame -> {}))).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(nowNs()).isGreaterThanOrEqualTo(expiresNs);
        for (String id : cluster.ids()) {
            Await.until(
                    "it is known at " + id,
                    () -> get(id, "/v1/topics/orders", secret).body().contains("The key has expired"));
            assertThat(get(id, "/v1/topics/orders", secret).statusCode()).isEqualTo(401);
            assertThat(code(() -> append(as(id, secret), "orders", ""))).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void whatWasShownIsInNoMetricErrorFileOrConfiguration() throws Exception {
        CreateKeyResponse key = key("shown", grant("orders", Verb.READ, Verb.APPEND));
        String token = issuer.sign(issuer.claims("shown", Instant.now()).build());
        Await.until(
                "the issuer is known",
                () -> get(follower, "/v1/access/me", token).statusCode() == 200);
        List<String> said = new ArrayList<>();
        for (String shown : List.of(key.getSecret(), token, admin)) {
            for (String id : cluster.ids()) {
                Await.until(
                        "it opens " + id, () -> get(id, "/v1/access/me", shown).statusCode() == 200);
                said.add(get(id, "/v1/access/me", shown).body());
                said.add(errors(id, shown));
            }
        }
        // What is kept is found, else it would prove nothing that the rest is not.
        String kept = "kept-" + Instant.now().toEpochMilli();
        assertThat(append(as(follower, key.getSecret()), "orders", kept).getFirst())
                .isPositive();
        for (String id : cluster.ids()) {
            said.add(get(id, "/metrics", admin).body());
            said.add(configOf(id));
        }
        List<String> secrets = List.of(key.getSecret(), secretPart(key.getSecret()), token, admin, secretPart(admin));
        assertThat(said).allSatisfy(text -> assertThat(text).isNotEmpty().doesNotContain(secrets));
        Await.until(
                "what is kept is on all disks",
                () -> filesWith(kept).size() >= cluster.ids().size());
        for (String secret : secrets) {
            assertThat(filesWith(secret)).isEmpty();
        }
    }

    /** All that is said to one who shows it where it opens nothing, and to one who shows it with an error in it. */
    private static String errors(String node, String shown) throws Exception {
        StringBuilder said = new StringBuilder();
        HttpResponse<String> broken = get(node, "/v1/topics/orders", shown + "x");
        assertThat(broken.statusCode()).isEqualTo(401);
        said.append(broken.body()).append(broken.headers().map());
        if (!shown.equals(admin)) {
            HttpResponse<String> forbidden = get(node, "/v1/topics/secrets", shown);
            assertThat(forbidden.statusCode()).isEqualTo(403);
            said.append(forbidden.body()).append(forbidden.headers().map());
        }
        StatusRuntimeException refused =
                catchThrowableOfType(StatusRuntimeException.class, () -> append(as(node, shown + "x"), "orders", ""));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        return said.append(refused.getStatus())
                .append(Status.trailersFromThrowable(refused))
                .toString();
    }

    private static String configOf(String id) throws Exception {
        StringWriter out = new StringWriter();
        CommandLine command = Main.commandLine(Map.of()).setOut(new PrintWriter(out, true));
        List<String> arguments = new ArrayList<>(List.of("config"));
        for (NodeConfig.Effective each : cluster.config(id).effective()) {
            arguments.add("--set");
            arguments.add(each.key() + "=" + each.text());
        }
        assertThat(command.execute(arguments.toArray(String[]::new))).isZero();
        assertThat(out.toString()).contains("security.enabled: true");
        return out.toString();
    }

    /** A key without its id, which is no secret. */
    private static String secretPart(String key) {
        return key.substring("eck_0123456789abcdef_".length());
    }

    /** Where the nodes have it, but for the file that is there for the first key. */
    private static Set<String> filesWith(String text) throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith(Gatekeeping.FIRST_KEY))
                    .toList()) {
                if (Files.exists(file)
                        && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    found.add(root.relativize(file).toString());
                }
            }
        }
        return found;
    }

    private static long nowNs() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }
}
