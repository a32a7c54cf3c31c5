package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.peers.HostPort;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.util.internal.PlatformDependent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A real node for hostile clients, in this process, so that its memory can be looked at. */
final class AbusedNode implements AutoCloseable {
    /** Far below what each attack sends or asks for, or would make grow without a bound. */
    private static final long GROWTH_BYTES_MAX = 48L << 20;

    private final TestCluster cluster;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private long bytesBefore;

    AbusedNode(Path directory) throws Exception {
        cluster = new TestCluster(directory, 1);
        cluster.startAll();
    }

    HostPort grpc() {
        return HostPort.parse(cluster.grpcAddress("n1"));
    }

    HostPort http() {
        return HostPort.parse(cluster.httpAddress("n1"));
    }

    ManagedChannel channel() {
        return cluster.channel("n1");
    }

    /** Before each attack. */
    void measure() throws Exception {
        assertServes();
        bytesBefore = bytesInUse();
    }

    void assertIsAsBefore() throws Exception {
        assertServes();
        assertThat(cluster.failStops()).isEmpty();
        // What a connection held is given back a moment after it ended.
        Await.until("memory is given back", this::isBounded);
    }

    /** While an attack goes on. */
    void awaitBounded() throws Exception {
        Await.until("memory stays bounded", this::isBounded);
    }

    private boolean isBounded() {
        return bytesInUse() - bytesBefore < GROWTH_BYTES_MAX;
    }

    /** Reachable objects, and the transport's buffers beside them. */
    private static long bytesInUse() {
        System.gc();
        Runtime java = Runtime.getRuntime();
        return java.totalMemory() - java.freeMemory() + PlatformDependent.usedDirectMemory();
    }

    /** Others are served at both doors. */
    void assertServes() throws Exception {
        assertThat(get("/healthz/live").statusCode()).isEqualTo(200);
        try {
            TopicsGrpc.newBlockingStub(channel())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .getTopic(GetTopicRequest.newBuilder().setName("none").build());
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        }
    }

    private HttpResponse<String> get(String target) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + http() + target))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        cluster.close();
    }
}
