package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.peers.HostPort;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.netty.util.internal.PlatformDependent;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * So many clients at once as a node hardly meets: its memory stays bounded, and it serves others. Asked for by
 * {@code -Dcrowd.idle=9000}: so many connections do nothing, and each takes two files of this process; and by
 * {@code -Dcrowd.slow=1000}: so many readers take nothing of what they asked for.
 */
final class CrowdTest {
    private static final int IDLE = Integer.getInteger("crowd.idle", 0);
    private static final int SLOW = Integer.getInteger("crowd.slow", 0);
    /** Each is a chunk by itself, and more than is sent at once. */
    private static final int EVENT_BYTES = 900_000;

    private static final int EVENTS = 40;
    /** Of each connection that does nothing: its pipeline, and what HTTP/2 keeps of it. */
    private static final long IDLE_BYTES_MAX = 40 << 10;
    /** Of all readers together: what they may leave, and what is on its way to those that are cut off for it. */
    private static final long SLOW_BYTES_MAX =
            Math.min(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory()) / 4 + (128 << 20);

    private static final long LOOKING_NS = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    static Path directory;

    private static TestCluster cluster;
    private static HostPort grpc;
    private static HostPort http;
    private final List<AutoCloseable> crowd = new ArrayList<>();
    private long bytesBefore;

    @BeforeAll
    static void start() throws Exception {
        cluster = new TestCluster(
                directory, 1, "grpc.connections-max=20000", "metrics.lag-max=1", "read.tail-cache=1MiB");
        cluster.startAll();
        grpc = HostPort.parse(cluster.grpcAddress("n1"));
        http = HostPort.parse(cluster.httpAddress("n1"));
        TopicsGrpc.newBlockingStub(cluster.channel("n1"))
                .createTopic(CreateTopicRequest.newBuilder().setName("big").build());
        Event event = Event.newBuilder()
                .setPayload(ByteString.copyFrom(new byte[EVENT_BYTES]))
                .build();
        for (int i = 0; SLOW > 0 && i < EVENTS; i++) {
            log().append(AppendRequest.newBuilder()
                    .setTopic("big")
                    .setEvents(Events.newBuilder().addEvents(event))
                    .build());
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void measure() {
        bytesBefore = bytesInUse();
    }

    @AfterEach
    void leave() throws Exception {
        for (AutoCloseable each : crowd) {
            each.close();
        }
        assertThat(cluster.failStops()).isEmpty();
        assertServes();
    }

    @Test
    @EnabledIfSystemProperty(named = "crowd.idle", matches = "[1-9][0-9]*")
    void connectionsThatDoNothingTakeLittleOverGrpc() throws Exception {
        for (int i = 0; i < IDLE; i++) {
            crowd.add(new RawHttp2(grpc.host(), grpc.port()));
        }
        assertServes();
        assertThat(most()).as("bytes of %s", IDLE).isLessThan(IDLE * IDLE_BYTES_MAX);
    }

    @Test
    @EnabledIfSystemProperty(named = "crowd.idle", matches = "[1-9][0-9]*")
    void connectionsThatDoNothingTakeLittleOverHttp() throws Exception {
        for (int i = 0; i < IDLE; i++) {
            crowd.add(RawHttp.connect(http));
        }
        assertServes();
        assertThat(most()).as("bytes of %s", IDLE).isLessThan(IDLE * IDLE_BYTES_MAX);
    }

    @Test
    @EnabledIfSystemProperty(named = "crowd.slow", matches = "[1-9][0-9]*")
    void readersThatTakeNothingAreBoundedTogetherOverHttp() throws Exception {
        byte[] asks =
                RawHttp.bytes("GET /v1/topics/big/events HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\n\r\n");
        for (int i = 0; i < SLOW; i++) {
            Socket socket = new Socket();
            crowd.add(socket);
            socket.setReceiveBufferSize(4 << 10);
            socket.connect(new InetSocketAddress(http.host(), http.port()));
            socket.getOutputStream().write(asks);
        }
        assertServes();
        assertThat(most()).as("bytes of %s", SLOW).isLessThan(SLOW_BYTES_MAX);
    }

    @Test
    @EnabledIfSystemProperty(named = "crowd.slow", matches = "[1-9][0-9]*")
    void readersThatTakeNothingAreBoundedTogetherOverGrpc() throws Exception {
        byte[] read = ReadRequest.newBuilder()
                .setTopic("big")
                .setFormat(ReadRequest.Format.CHUNKS)
                .build()
                .toByteArray();
        byte[] message = ByteBuffer.allocate(5 + read.length)
                .put((byte) 0)
                .putInt(read.length)
                .put(read)
                .array();
        int endStream = 1;
        for (int i = 0; i < SLOW; i += 100) {
            RawHttp2 reader = new RawHttp2(grpc.host(), grpc.port());
            crowd.add(reader);
            for (int stream = 1; stream < 200; stream += 2) {
                reader.call(stream, "/eckermann.v1.Log/Read").frame(RawHttp2.DATA, endStream, stream, message);
            }
            reader.flush();
        }
        assertServes();
        assertThat(most()).as("bytes of %s", SLOW).isLessThan(SLOW_BYTES_MAX);
    }

    /** How much more there is in use than before, at most while the crowd gets what it gets. */
    private long most() throws Exception {
        long[] most = {0};
        long beganNs = System.nanoTime();
        Await.until("the crowd has what it gets", () -> {
            most[0] = Math.max(most[0], bytesInUse() - bytesBefore);
            return System.nanoTime() - beganNs > LOOKING_NS;
        });
        return most[0];
    }

    private static LogGrpc.LogBlockingStub log() {
        return LogGrpc.newBlockingStub(cluster.channel("n1")).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static void assertServes() {
        assertThat(log().getHead(GetHeadRequest.newBuilder().setTopic("big").build())
                        .getHead())
                .isNotNegative();
    }

    private static long bytesInUse() {
        System.gc();
        Runtime java = Runtime.getRuntime();
        return java.totalMemory() - java.freeMemory() + PlatformDependent.usedDirectMemory();
    }
}
