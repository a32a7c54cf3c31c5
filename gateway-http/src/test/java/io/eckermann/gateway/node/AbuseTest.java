package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.peers.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What hostile clients do to a real node by its real ports: it answers or closes, goes on serving others, and its memory stays
 * bounded. {@code -Dabuse.times=100} does each so many times over.
 */
final class AbuseTest {
    private static final int TIMES = Integer.getInteger("abuse.times", 1);

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 \\d{3} ");

    private static final String UPLOAD =
            "POST /v1/topics/none/events HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n";

    private static final String HEAD = "/eckermann.v1.Log/GetHead";

    @TempDir
    static Path directory;

    private static AbusedNode node;
    private static HostPort grpc;
    private static HostPort http;

    @BeforeAll
    static void start() throws Exception {
        node = new AbusedNode(directory);
        grpc = node.grpc();
        http = node.http();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void measure() throws Exception {
        node.measure();
    }

    @AfterEach
    void isAsBefore() throws Exception {
        node.assertIsAsBefore();
    }

    private static RawHttp2 connect() throws IOException {
        return new RawHttp2(grpc.host(), grpc.port());
    }

    // HTTP/2, at the gRPC door.

    /** CVE-2023-44487: calls that are begun and cancelled at once cost the server more than the client. */
    @Test
    void callsThatAreResetAtOnceEndTheConnection() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            try (RawHttp2 attacker = connect()) {
                boolean open = true;
                for (int stream = 1; open && stream < 60_000; stream += 2) {
                    attacker.call(stream, HEAD).frame(RawHttp2.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
                    open = stream % 200 != 1 || attacker.flush();
                }
                assertThat(open && !attacker.isClosedByPeer())
                        .as("still listens")
                        .isFalse();
            }
        }
    }

    /** CVE-2024-24549 and others: a head that never ends. */
    @Test
    void headersThatGoOnForEverEndTheConnection() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            try (RawHttp2 attacker = connect()) {
                ByteArrayOutputStream more = new ByteArrayOutputStream();
                RawHttp2.header(more, "x", "y".repeat(8_000));
                attacker.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.callHeaders(HEAD));
                boolean open = true;
                for (int part = 0; open && part < 20_000; part++) {
                    open = attacker.frame(RawHttp2.CONTINUATION, 0, 1, more.toByteArray())
                            .flush();
                }
                assertThat(open && !attacker.isClosedByPeer())
                        .as("still listens")
                        .isFalse();
            }
        }
    }

    /** A table entry of 4,000 bytes that is named over and over by one byte each. */
    @Test
    void headersThatUnpackToMuchAreRefused() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            try (RawHttp2 attacker = connect()) {
                ByteArrayOutputStream block = new ByteArrayOutputStream();
                block.writeBytes(RawHttp2.callHeaders(HEAD));
                int literalWithIndexing = 0x40;
                block.write(literalWithIndexing);
                ByteArrayOutputStream entry = new ByteArrayOutputStream();
                RawHttp2.header(entry, "x", "y".repeat(4_000));
                block.write(entry.toByteArray(), 1, entry.size() - 1);
                int newestEntry = 0x80 | 62;
                for (int times = 0; times < 10_000; times++) {
                    block.write(newestEntry);
                }
                for (int stream = 1; stream < 200; stream += 2) {
                    attacker.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, block.toByteArray());
                }
                attacker.flush();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {RawHttp2.SETTINGS, RawHttp2.PING, RawHttp2.WINDOW_UPDATE})
    void floodsWhoseAnswersNobodyReadsDoNotPileUp(int type) throws Exception {
        byte[] payload =
                type == RawHttp2.SETTINGS ? new byte[0] : type == RawHttp2.PING ? new byte[8] : new byte[] {0, 0, 0, 1};
        for (int i = 0; i < TIMES; i++) {
            try (RawHttp2 attacker = connect()) {
                boolean open = true;
                for (int frames = 0; open && frames < 500_000; frames += 1_000) {
                    for (int some = 0; some < 1_000; some++) {
                        attacker.frame(type, 0, 0, payload);
                    }
                    open = attacker.flush();
                }
                node.awaitBounded();
            }
        }
    }

    @Test
    void framesThatBreakTheRulesEndTheConnection() throws Exception {
        try (RawHttp2 oversized = connect();
                RawHttp2 unknownStream = connect();
                RawHttp2 zeroWindow = connect();
                RawHttp2 badSettings = connect()) {
            oversized.frame(0xff_ffff, RawHttp2.DATA, 0, 1, new byte[100]).flush();
            unknownStream.frame(RawHttp2.DATA, 0, 0, new byte[10]).flush();
            zeroWindow.frame(RawHttp2.WINDOW_UPDATE, 0, 0, new byte[4]).flush();
            badSettings.frame(RawHttp2.SETTINGS, 0, 0, new byte[5]).flush();
            for (RawHttp2 each : List.of(oversized, unknownStream, zeroWindow, badSettings)) {
                assertThat(each.isClosedByPeer()).isTrue();
            }
        }
    }

    /** Each call says that 2 GiB follow. */
    @Test
    void messagesThatAreAnnouncedAsHugeAreNotMadeRoomFor() throws Exception {
        byte[] message =
                ByteBuffer.allocate(5).put((byte) 0).putInt(Integer.MAX_VALUE).array();
        for (int i = 0; i < TIMES; i++) {
            try (RawHttp2 attacker = connect()) {
                for (int stream = 1; stream < 2_000; stream += 2) {
                    attacker.call(stream, HEAD).frame(RawHttp2.DATA, 0, stream, message);
                }
                attacker.flush();
                node.awaitBounded();
            }
        }
    }

    @Test
    void garbageAndOtherProtocolsAreCutOff() throws Exception {
        for (String nonsense : List.of(
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
                "\u0000".repeat(10_000))) {
            assertThat(RawHttp.answer(grpc, nonsense)).as(nonsense).doesNotContain("200 OK");
        }
    }

    // HTTP/1.1, at the HTTP door.

    private static String post(String target, String type, String body) throws IOException {
        byte[] bytes = RawHttp.bytes(body);
        return RawHttp.answer(
                http,
                "POST " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + type
                        + "\r\nContent-Length: " + bytes.length + "\r\n\r\n" + body);
    }

    /** Two servers that read these differently can be made to answer the wrong client. */
    @Test
    void requestsThatEndWhereOthersWouldNotAreRefused() throws Exception {
        String smuggled = "GET /v1/topics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        for (String headers : List.of(
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "Content-Length: 5\r\nContent-Length: 6\r\n",
                "Content-Length: +5\r\n",
                "Content-Length: 0x5\r\n",
                "Content-Length: 5, 5, 6\r\n",
                "Content-Length: -1\r\n",
                "Content-Length: 99999999999999999999\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                "Transfer-Encoding: xchunked\r\n",
                "Transfer-Encoding : chunked\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "Transfer-Encoding:\u000bchunked\r\n",
                "Content\u0000-Length: 5\r\n",
                "Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n",
                "Content-Length: 5\nTransfer-Encoding: chunked\r\n",
                "X: y\rContent-Length: 5\r\n")) {
            String answer = RawHttp.answer(http, UPLOAD + headers + "\r\n0\r\n\r\n" + smuggled);
            assertThat(answer).as(headers).doesNotContain("HTTP/1.1 200").doesNotContain("HTTP/1.1 201");
            assertThat(STATUS.matcher(answer).results()).as(headers + answer).hasSizeLessThanOrEqualTo(1);
        }
    }

    /** In chunks, too: where one server sees an extension, another sees the end of the line. */
    @Test
    void chunksThatEndWhereOthersWouldNotAreRefused() throws Exception {
        String smuggled = "GET /v1/topics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        for (String chunks : List.of(
                "5;a\nhello\r\n0\r\n\r\n",
                "5\nhello\r\n0\r\n\r\n",
                "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n",
                "+5\r\nhello\r\n0\r\n\r\n",
                "-5\r\nhello\r\n0\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n",
                "100000005\r\nhello\r\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "\r\nhello\r\n0\r\n\r\n")) {
            String answer = RawHttp.answer(http, UPLOAD + "Transfer-Encoding: chunked\r\n\r\n" + chunks + smuggled);
            assertThat(answer).as(chunks).doesNotContain("HTTP/1.1 200").doesNotContain("HTTP/1.1 201");
            assertThat(STATUS.matcher(answer).results()).as(chunks + answer).hasSizeLessThanOrEqualTo(1);
        }
    }

    /** A line that goes on is one value with a blank in it (RFC 9112, section 5.2), and never a header of its own. */
    @Test
    void foldedHeadersSayNothingOfWhereARequestEnds() throws Exception {
        String next = "GET /healthz/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        for (String folded : List.of("Transfer-Encoding: chunked", "Content-Length: 500", "Connection: close")) {
            String answer =
                    RawHttp.answer(http, UPLOAD + "Content-Length: 5\r\nX: y\r\n " + folded + "\r\n\r\nhello" + next);
            assertThat(answer).as(folded).startsWith("HTTP/1.1 404").contains("HTTP/1.1 200");
            assertThat(STATUS.matcher(answer).results()).as(folded).hasSize(2);
        }
    }

    @Test
    void bodiesThatAreDeepOrHoldHugeNumbersOrNoUtf8AreRefused() throws Exception {
        List<String> bodies = List.of(
                "[".repeat(1_000_000),
                "{\"a\":".repeat(200_000),
                "{\"events\":[{\"data\":" + "[".repeat(500_000) + "]".repeat(500_000) + "}]}",
                "{\"events\":[{\"data\":1e999999999}]}",
                "{\"events\":[{\"data\":1,\"type\":" + "9".repeat(1_000_000) + "}]}",
                "{\"before\":" + "1".repeat(500_000) + "}",
                "{\"events\":[{\"data\":\"\u00c3(\u00ff\u00fe\"}]}",
                "{\"events\":[{\"type\":\"\\ud800\",\"data\":1}]}");
        for (String type :
                List.of("application/json", "application/cloudevents+json", "application/cloudevents-batch+json")) {
            for (String path : List.of("/v1/topics/none/events", "/v1/append", "/v1/topics/none/truncate")) {
                for (String body : bodies) {
                    assertThat(post(path, type, body))
                            .as("%s of %s", type, body.substring(0, Math.min(60, body.length())))
                            .startsWith("HTTP/1.1 4");
                }
            }
        }
    }

    @Test
    void bodiesWithoutAnEndAreCutOff() throws Exception {
        byte[] part = RawHttp.bytes("10000\r\n" + "x".repeat(0x10000) + "\r\n");
        for (int i = 0; i < TIMES; i++) {
            try (Socket socket = RawHttp.connect(http)) {
                socket.getOutputStream().write(RawHttp.bytes(UPLOAD + "Transfer-Encoding: chunked\r\n\r\n"));
                assertThat(RawHttp.isEnded(socket, part)).isTrue();
            }
        }
    }

    @Test
    void headersWithoutAnEndAreCutOff() throws Exception {
        try (Socket socket = RawHttp.connect(http)) {
            socket.getOutputStream().write(RawHttp.bytes("GET / HTTP/1.1\r\n"));
            byte[] header = RawHttp.bytes("X: " + "y".repeat(1_000) + "\r\n");
            assertThat(RawHttp.isEnded(socket, header)).isTrue();
        }
        assertThat(RawHttp.answer(http, "GET / HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(20_000) + "\r\n"))
                .startsWith("HTTP/1.1 431");
    }

    /** Who sends a body byte by byte holds a little, however many of them there are. */
    @Test
    void manySlowClientsTakeLittleAndLeaveRoomForOthers() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 500; i++) {
                Socket socket = RawHttp.connect(http);
                slow.add(socket);
                socket.getOutputStream().write(RawHttp.bytes(UPLOAD + "Content-Length: 8000000\r\n\r\nx"));
            }
            node.assertServes();
            node.awaitBounded();
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void clientsThatAskAndNeverReadAreHeldUp() throws Exception {
        byte[] asks = RawHttp.bytes("GET /v1/cluster HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1_000));
        List<Socket> deaf = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Socket socket = RawHttp.connect(http);
                deaf.add(socket);
                Thread asking = new Thread(() -> RawHttp.isEnded(socket, asks), "asks and never reads");
                asking.setDaemon(true);
                asking.start();
            }
            node.assertServes();
            node.awaitBounded();
        } finally {
            for (Socket socket : deaf) {
                socket.close();
            }
        }
    }
}
