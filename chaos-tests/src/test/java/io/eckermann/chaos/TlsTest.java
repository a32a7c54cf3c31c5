package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.client.Access;
import io.eckermann.client.Credentials;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.NodeStatus;
import io.eckermann.client.Tls;
import io.eckermann.client.cli.local.DevelopmentCertificates;
import io.eckermann.protocol.internal.v1.GetStatusRequest;
import io.eckermann.protocol.internal.v1.PeersGrpc;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that encrypts and asks who calls, and those who should not get in. */
class TlsTest {
    private static final char[] PASSWORD = "development".toCharArray();

    @TempDir
    private static Path directory;

    private static Script eckermann;
    private static Up up;
    private static DevelopmentCertificates ours;
    private static DevelopmentCertificates strangers;
    private static String admin;

    @BeforeAll
    static void start() throws IOException {
        eckermann = new Script(directory);
        up = eckermann.up("--secure", "--data", "data", "--http-port", "0", "--grpc-port", "0");
        ours = new DevelopmentCertificates(directory.resolve("data/tls"));
        ours.issue("client", List.of());
        admin = Files.readString(firstKey()).strip();
        strangers = new DevelopmentCertificates(directory.resolve("strangers"));
        strangers.issue("node", List.of("127.0.0.1"));
    }

    @AfterAll
    static void stop() {
        up.close();
    }

    /** While an authority is renewed; the old one and the new one have the same name. */
    @Test
    void clientTrustsSeveralAuthoritiesOfOneName() throws IOException {
        Path both = Files.writeString(
                directory.resolve("both.pem"),
                Files.readString(ours.authorities()) + Files.readString(strangers.authorities()));

        try (EventStore store = EventStore.builder()
                .endpoints(up.endpoints())
                .tls(Tls.trusting(both))
                .credentials(Credentials.of(admin))
                .build()) {
            assertThat(store.access().whoAmI().join().principal()).isEqualTo("admin");
        }
    }

    @Test
    void commandLineFindsTheCertificatesOfTheClusterThatRunsHere() throws Exception {
        assertThat(eckermann.run("topic", "create", "found").err()).isEmpty();
        assertThat(eckermann.run("append", "found", "hello").exitCode()).isZero();
        assertThat(eckermann.run("read", "found").out()).contains("hello");
        assertThat(eckermann
                        .run(
                                "read",
                                "found",
                                "--endpoints",
                                up.endpoints(),
                                "--tls-ca",
                                ours.authorities().toString(),
                                "--key-file",
                                firstKey().toString())
                        .out())
                .contains("hello");
    }

    @Test
    void clientAppendsThroughEveryNode() {
        for (Up.Node node : up.nodes()) {
            try (EventStore store = store(node.grpc(), Tls.trusting(ours.authorities()))) {
                String topic = "through-" + node.id();
                store.topics().create(topic).join();
                assertThat(store.append(topic, Event.builder().payload("x").build())
                                .join()
                                .first())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void certificateNamesWhoeverShowsIt() {
        Up.Node node = up.nodes().get(0);
        Tls tls = Tls.trusting(ours.authorities());
        Tls shown = tls.identity(ours.certificate("client"), ours.key("client"));
        try (EventStore bare =
                        EventStore.builder().endpoints(node.grpc()).tls(tls).build();
                EventStore client =
                        EventStore.builder().endpoints(node.grpc()).tls(shown).build();
                EventStore other = EventStore.builder()
                        .endpoints(node.grpc())
                        .tls(tls.identity(ours.certificate("node"), ours.key("node")))
                        .build()) {
            assertThatThrownBy(() -> bare.topics().create("nobodys").join()).hasMessageContaining("UNAUTHENTICATED");
            assertThat(client.access().whoAmI().join().principal()).isEqualTo("cert:client");
            assertThatThrownBy(() -> client.topics().create("theirs").join()).hasMessageContaining("FORBIDDEN");
            Event event = Event.builder().payload("x").build();
            assertThatThrownBy(() -> client.append("elsewhere", event).join()).hasMessageContaining("FORBIDDEN");
            assertThat(other.access().whoAmI().join().principal()).isEqualTo("node");
            other.access()
                    .setRules("cert:client", List.of(Access.Grant.parse("admin:theirs")), List.of())
                    .join();
            client.topics().create("theirs").join();
        }
    }

    @Test
    void commandLineSaysWhoMayDoWhat() throws Exception {
        Path key = directory.resolve("billing.key");
        assertThat(eckermann
                        .run("key", "create", "billing", "--out", key.toString())
                        .exitCode())
                .isZero();
        assertThat(eckermann
                        .run("acl", "set", "billing", "--allow", "read:none*")
                        .err())
                .isEmpty();
        assertThat(eckermann.run("acl", "me", "--key-file", key.toString()).out())
                .contains("billing may read:none*");
        Script.Ended refused = eckermann.run("topic", "create", "billings", "--key-file", key.toString());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).hasLineCount(1).contains("principal=billing");
        String id = Files.readString(key).substring(4, 20);
        assertThat(eckermann.run("key", "list").out())
                .contains(id)
                .doesNotContain(Files.readString(key).strip());
        assertThat(eckermann.run("key", "revoke", id).exitCode()).isZero();
        assertThat(eckermann.run("acl", "me", "--key-file", key.toString()).exitCode())
                .isEqualTo(1);
        try (Stream<Path> logs = Files.walk(directory.resolve("data"))) {
            for (Path log :
                    logs.filter(file -> file.toString().endsWith(".log")).toList()) {
                assertThat(Files.readString(log))
                        .doesNotContain(admin)
                        .doesNotContain(Files.readString(key).strip());
            }
        }
    }

    @Test
    void whoShowsNothingIsToldSo() {
        try (EventStore store = EventStore.builder()
                .endpoints(up.endpoints())
                .tls(Tls.trusting(ours.authorities()))
                .requestTimeout(Duration.ofSeconds(3))
                .build()) {
            assertThatThrownBy(() -> store.append(
                                    "orders", Event.builder().payload("x").build())
                            .join())
                    .hasMessageContaining("UNAUTHENTICATED");
        }
    }

    @Test
    void keyDoesNotGoToOthersInPlainText() {
        assertThatThrownBy(() -> EventStore.builder()
                        .endpoints("192.0.2.1:7301")
                        .credentials(Credentials.of(admin))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("plain text");
    }

    @Test
    void clientThatDoesNotKnowTheAuthorityDoesNotTalkToIt() {
        try (EventStore store = store(up.endpoints(), Tls.trusting(strangers.authorities()))) {
            assertThatThrownBy(() -> store.cluster().join()).hasStackTraceContaining("PKIX path");
        }
    }

    @Test
    void plainTextIsNotTaken() throws Exception {
        Script.Ended ended = eckermann.run("topic", "list", "--endpoints", up.endpoints(), "--timeout", "1s");
        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.err()).hasLineCount(1);
        Up.Node node = up.nodes().get(0);
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port(node.http()))) {
            plain.getOutputStream()
                    .write("GET /v1/topics HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            plain.setSoTimeout(30_000);
            String answer = new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).doesNotContain("HTTP/1.1");
        }
    }

    @Test
    void onlyNodesMaySayWhatNodesSayToEachOther() throws Exception {
        String node = up.nodes().get(0).grpc();
        assertThat(askAsPeer(node, null)).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(askAsPeer(node, "client")).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(askAsPeer(node, "node")).isEqualTo(Status.Code.OK);
    }

    @Test
    void raftPortTakesNodesAlone() throws Exception {
        int raft = raftPort();
        assertThat(shakesHands(raft, ours, "node", "TLSv1.2")).isTrue();
        assertThat(shakesHands(raft, ours, "client", "TLSv1.2")).isFalse();
        assertThat(shakesHands(raft, strangers, "node", "TLSv1.2")).isFalse();
        assertThat(shakesHands(raft, ours, null, "TLSv1.2")).isFalse();
    }

    /** Offered by hand, so that it is not the JVM of this client that refuses. */
    @Test
    void oldVersionsAndWeakSuitesEndTheHandshakeAtEveryPort() throws Exception {
        Up.Node node = up.nodes().get(0);
        int[] all = IntStream.concat(Arrays.stream(ClientHello.MODERN), Arrays.stream(ClientHello.WEAK))
                .toArray();
        for (int port : List.of(port(node.http()), port(node.grpc()), raftPort())) {
            for (int version : List.of(ClientHello.TLS_1_0, ClientHello.TLS_1_1)) {
                assertThat(ClientHello.answered(port, version, all)).isEqualTo(ClientHello.PROTOCOL_VERSION);
            }
            assertThat(ClientHello.answered(port, ClientHello.TLS_1_2, ClientHello.WEAK))
                    .isEqualTo(ClientHello.HANDSHAKE_FAILURE);
            assertThat(ClientHello.answered(port, ClientHello.TLS_1_2, ClientHello.MODERN))
                    .isEqualTo(ClientHello.ACCEPTED);
            assertThat(shakesHands(port, ours, "node", "TLSv1.2")).isTrue();
            assertThat(shakesHands(port, ours, "node", "TLSv1.3")).isTrue();
        }
    }

    @Test
    void renewedCertificateIsShownWithoutARestart() throws Exception {
        Up.Node node = up.nodes().get(1);
        X509Certificate before = shown(node);
        ours.issue("node", List.of("127.0.0.1", "localhost"));
        Await.until("the new certificate is shown", () -> !shown(node).equals(before));
        up.nodes().get(2).kill();
        try (EventStore store = store(up.endpoints(), Tls.trusting(ours.authorities()))) {
            store.topics().create("renewed").join();
            Await.until(
                    "the killed node is back with the others",
                    () -> store.cluster().join().nodes().stream().allMatch(NodeStatus::ready));
        }
    }

    private static EventStore store(String endpoints, Tls tls) {
        return EventStore.builder()
                .endpoints(endpoints)
                .tls(tls)
                .credentials(Credentials.of(admin))
                .requestTimeout(Duration.ofSeconds(10))
                .build();
    }

    private static Path firstKey() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            return files.filter(file -> file.endsWith("admin.key")).findFirst().orElseThrow();
        }
    }

    private static int raftPort() throws IOException {
        return Script.JSON
                .readTree(Files.readString(directory.resolve("data/cluster.json")))
                .path("nodes")
                .path(0)
                .path("raft")
                .asInt();
    }

    private static Status.Code askAsPeer(String address, @Nullable String certificate) throws Exception {
        TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder()
                .trustManager(ours.authorities().toFile());
        if (certificate != null) {
            credentials.keyManager(
                    ours.certificate(certificate).toFile(),
                    ours.key(certificate).toFile());
        }
        ManagedChannel channel =
                Grpc.newChannelBuilder(address, credentials.build()).build();
        try {
            Metadata headers = new Metadata();
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + admin);
            var unused = PeersGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .getStatus(GetStatusRequest.getDefaultInstance());
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        } finally {
            channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    /** By a version in which the server's refusal of a certificate ends the handshake. */
    private static boolean shakesHands(int port, DevelopmentCertificates own, @Nullable String name, String version)
            throws Exception {
        try (SSLSocket socket = socket(port, own, name)) {
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();
            return true;
        } catch (SSLException | java.net.SocketException e) {
            return false;
        }
    }

    private static X509Certificate shown(Up.Node node) throws Exception {
        try (SSLSocket socket = socket(port(node.http()), ours, null)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static SSLSocket socket(int port, DevelopmentCertificates own, @Nullable String name) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(ours.authorities())) {
            Certificate authority = CertificateFactory.getInstance("X.509").generateCertificate(in);
            trusted.setCertificateEntry("authority", authority);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(only(own, name), PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    }

    private static KeyStore only(DevelopmentCertificates own, @Nullable String name) throws Exception {
        KeyStore all = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(own.authorities().resolveSibling("authority.p12"))) {
            all.load(in, PASSWORD);
        }
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, null);
        if (name != null) {
            one.setKeyEntry(name, all.getKey(name, PASSWORD), PASSWORD, all.getCertificateChain(name));
        }
        return one;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}
