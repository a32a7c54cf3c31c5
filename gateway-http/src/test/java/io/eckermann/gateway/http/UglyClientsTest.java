package io.eckermann.gateway.http;

import static io.eckermann.gateway.http.ScriptedStream.caughtUp;
import static io.eckermann.gateway.http.ScriptedStream.events;
import static io.eckermann.gateway.http.ScriptedStream.started;
import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.read.ReadMemory;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UglyClientsTest {
    private static final String POST =
            "POST /v1/topics/quotes/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n";

    private final FakeUseCases store = new FakeUseCases();
    private TestDoor door;

    @BeforeEach
    void open() throws IOException {
        door = new TestDoor(store);
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void aBodyCutOffMidWayChangesNothing() throws IOException {
        try (Socket socket = door.connect()) {
            write(socket, POST + "Content-Length: 100\r\n\r\nonly so much");
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
        try (Socket socket = door.connect()) {
            write(socket, POST + "Transfer-Encoding: chunked\r\n\r\n5\r\nonly ");
        }
        assertThat(door.get("/healthz/live").statusCode()).isEqualTo(200);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void chunkedBodiesAndExpectedContinueAreTaken() throws IOException {
        String chunked = door.raw(
                POST + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nmore \r\n5\r\nlight\r\n0\r\n\r\n");
        assertThat(chunked).startsWith("HTTP/1.1 201");
        try (Socket socket = door.connect()) {
            write(socket, POST + "Connection: close\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n");
            String go = "HTTP/1.1 100 Continue\r\n\r\n";
            assertThat(read(socket, go.length())).isEqualTo(go);
            write(socket, "more light");
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 201");
        }
        assertThat(store.asked)
                .extracting(request -> ((AppendRequest) request)
                        .getEvents()
                        .getEvents(0)
                        .getPayload()
                        .toStringUtf8())
                .containsExactly("more light", "more light");
    }

    @Test
    void bodiesThatAreTooLargeAreRefusedAtOnceOrAsSoonAsTheyAre() throws IOException {
        int tooMany = Limits.HTTP_BODY_BYTES_MAX + 1;
        assertThat(door.raw(POST + "Expect: 100-continue\r\nContent-Length: " + tooMany + "\r\n\r\n"))
                .startsWith("HTTP/1.1 413")
                .contains("APPEND_TOO_LARGE");
        HttpResponse<String> response =
                door.send(door.request("/v1/topics/quotes/events", "Content-Type", "application/octet-stream")
                        .POST(BodyPublishers.ofInputStream(() -> zeros(tooMany)))
                        .build());
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(store.asked).isEmpty();
        assertThat(door.send(
                                "POST",
                                "/v1/topics/quotes/events",
                                "x".repeat(Limits.HTTP_BODY_BYTES_MAX),
                                "Content-Type",
                                "text/plain")
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void garbageAndOversizedHeadsGetAProblemAndAClosedConnection() throws IOException {
        assertThat(door.raw("GARBAGE\r\n\r\n")).startsWith("HTTP/1.1 400").contains("application/problem+json");
        assertThat(door.raw("\u0016\u0003\u0001\u0002\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(door.raw("GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 414");
        assertThat(door.raw("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(40_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(door.raw("GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(door.raw(POST + "Content-Length: x\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(store.asked).isEmpty();
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            all.append("GET /v1/topics/t" + i + "/head HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        String answers = door.raw(all + "GET /healthz/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        int at = 0;
        for (int i = 0; i < 50; i++) {
            at = answers.indexOf("\"topic\":\"t" + i + "\"", at);
            assertThat(at).isPositive();
        }
        assertThat(answers.indexOf("live\n", at)).isPositive();
    }

    @Test
    void aClientOfHttp10GetsAStreamThatEndsWithTheConnection() throws IOException {
        store.onRead = request -> ScriptedStream.of(started(1, 1), events(1, "1"));
        String answer = door.raw("GET /v1/topics/a/events HTTP/1.0\r\nAccept: application/x-ndjson\r\n\r\n");
        assertThat(answer).doesNotContain("chunked").endsWith("\"data\":1}\n");
    }

    @Test
    void slowAndIdleConnectionsAreClosed() throws IOException {
        Duration soon = Duration.ofMillis(200);
        HttpDoorConfig usual = HttpDoorConfig.at("127.0.0.1", 0);
        HttpDoorConfig hasty =
                new HttpDoorConfig(usual.host(), 0, soon, soon, usual.stall(), usual.request(), usual.stop(), 100);
        try (TestDoor impatient = new TestDoor(store, hasty)) {
            assertThat(impatient.raw("")).isEmpty();
            assertThat(impatient.raw("GET / HT")).isEmpty();
            assertThat(impatient.raw(POST + "Content-Length: 100\r\n\r\nonly so much"))
                    .isEmpty();
        }
        assertThat(store.asked).isEmpty();
    }

    @Test
    void oneConnectionTooManyIsClosedAtOnce() throws IOException {
        HttpDoorConfig usual = HttpDoorConfig.at("127.0.0.1", 0);
        HttpDoorConfig small = new HttpDoorConfig(
                usual.host(), 0, usual.idle(), usual.receive(), usual.stall(), usual.request(), usual.stop(), 1);
        try (TestDoor narrow = new TestDoor(store, small)) {
            try (Socket first = narrow.connect()) {
                write(first, "GET /healthz/live HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(read(first, 15)).isEqualTo("HTTP/1.1 200 OK");
                assertThat(narrow.raw("")).isEmpty();
            }
        }
    }

    @Test
    void closingAnswersALongPollWithWhatThereIs() throws IOException {
        ScriptedStream waiting = ScriptedStream.waitingAfter(started(8, 7), caughtUp(7, true));
        store.onRead = request -> request.getFollow() ? waiting : ScriptedStream.of(started(8, 7), caughtUp(7, true));
        try (Socket poll = door.connect()) {
            write(poll, "GET /v1/topics/a/events?after=7&wait=60 HTTP/1.1\r\nHost: x\r\n\r\n");
            Await.until("the long poll waits", () -> waiting.asked.get() == 3);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(door::close);
            assertThat(new String(poll.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200")
                    .contains("{\"events\":[],\"next\":8,\"head\":7,");
            closed.join();
        }
    }

    @Test
    void aSlowReaderStopsThePullAndGoesOnWhenItReads() throws IOException {
        String payload = "\"" + "x".repeat(10_000) + "\"";
        ScriptedStream endless = new ScriptedStream(n -> CompletableFuture.completedFuture(
                Optional.of(n == 0 ? started(1, Long.MAX_VALUE) : events(n, payload))));
        store.onRead = request -> endless;
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(64 << 10);
            socket.setSoTimeout(60_000);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), door.door.port()));
            write(socket, "GET /v1/topics/a/events HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\n\r\n");
            int asked = settled(endless);
            // What the sockets' buffers took (some MB at most) and 256 KiB of the channel's own.
            assertThat(asked).isLessThan(3_000);
            socket.getInputStream().readNBytes(20_000_000);
            Await.until("reading on makes the door pull again", () -> endless.asked.get() > asked);
            settled(endless);
        }
        Await.until("the stream of a client that left is closed", () -> endless.closed);
    }

    @Test
    void aClientThatTakesNothingIsCutOffWhenMemoryIsShort() throws IOException {
        ReadMemory memory = new ReadMemory(1 << 20);
        ScriptedStream endless = new ScriptedStream(n -> CompletableFuture.completedFuture(
                Optional.of(n == 0 ? started(1, 1) : events(n, "\"" + "x".repeat(10_000) + "\""))));
        endless.untaken = memory.reader();
        store.onRead = request -> endless;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.door.port())) {
            write(socket, "GET /v1/topics/a/events HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\n\r\n");
            settled(endless);
            assertThat(endless.closed).isFalse();
            assertThat(memory.bytes()).isPositive();
            // Somebody else leaves all there is, and it is this one that took nothing for longest.
            memory.reader().left(1 << 20, () -> {});
            Await.until("its stream is closed", () -> endless.closed);
            assertThat(memory.cutOff()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatTakesNothingIsCutOff() throws IOException {
        ScriptedStream endless = new ScriptedStream(n -> CompletableFuture.completedFuture(
                Optional.of(n == 0 ? started(1, 1) : events(n, "\"" + "x".repeat(10_000) + "\""))));
        store.onRead = request -> endless;
        HttpDoorConfig usual = HttpDoorConfig.at("127.0.0.1", 0);
        HttpDoorConfig hasty = new HttpDoorConfig(
                usual.host(),
                0,
                usual.idle(),
                usual.receive(),
                Duration.ofMillis(300),
                usual.request(),
                usual.stop(),
                100);
        try (TestDoor impatient = new TestDoor(store, hasty);
                Socket socket = impatient.connect()) {
            write(socket, "GET /v1/topics/a/events HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\n\r\n");
            Await.until("the stream is closed", () -> endless.closed);
        }
    }

    @Test
    void closingEndsStreamsAndLetsRequestsUnderWayFinish() throws Exception {
        ScriptedStream live = ScriptedStream.waitingAfter(started(1, 1), events(1, "1"));
        store.onRead = request -> live;
        CompletableFuture<AppendResponse> append = new CompletableFuture<>();
        store.onAppend = request -> append;
        CompletableFuture<Void> both;
        try (Socket stream = door.connect();
                Socket post = door.connect()) {
            write(stream, "GET /v1/topics/a/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
            write(post, POST + "Content-Length: 1\r\n\r\nx");
            Await.until("both are under way", () -> store.asked.size() == 2 && live.asked.get() == 3);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(door::close);
            assertThat(new String(stream.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("0\r\n\r\n");
            append.complete(AppendResponse.newBuilder().setFirst(1).build());
            assertThat(new String(post.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 201")
                    .containsIgnoringCase("connection: close");
            both = closed;
        }
        both.get();
        // Another test's door may still be winding down: threads end a moment after the loop says that it has.
        Await.until(
                "the event loops have ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("http-loop") && thread.isAlive()));
    }

    /** How often it was asked, once it no longer is. */
    private static int settled(ScriptedStream stream) {
        int[] last = {-1};
        long[] since = {System.nanoTime()};
        Await.until("the door stops pulling", () -> {
            int now = stream.asked.get();
            if (now != last[0]) {
                last[0] = now;
                since[0] = System.nanoTime();
            }
            return now > 1 && System.nanoTime() - since[0] > 1_500_000_000L;
        });
        return last[0];
    }

    private static InputStream zeros(int count) {
        return new ByteArrayInputStream(new byte[count]);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String read(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
    }
}
