package io.eckermann.gateway.grpc;

import io.eckermann.gateway.tls.NodeTls;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.DrainRequest;
import io.eckermann.protocol.v1.DrainResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Drains the node behind a gRPC door on this machine, for who is about to stop it. */
public final class DrainCall {
    private static final Set<String> ANY_HOST = Set.of("0.0.0.0", "[::]");

    private DrainCall() {}

    /**
     * Completes when the node has said that it is not ready, and leadership has gone if it can.
     *
     * @param host as the door listens
     * @param name the node's host as others know it, which its certificate has
     * @param tls null when the door takes plain text
     * @throws IOException when it gives no answer in time
     */
    public static DrainResponse drain(String host, int port, String name, @Nullable NodeTls tls, Duration timeout)
            throws IOException {
        String at = ANY_HOST.contains(host) ? "127.0.0.1" : host;
        ManagedChannel channel = NettyChannelBuilder.forAddress(at, port, NodeTls.calling(tls))
                .overrideAuthority(name)
                .build();
        try {
            return ClusterGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .drain(DrainRequest.getDefaultInstance());
        } catch (StatusRuntimeException e) {
            throw new IOException(String.valueOf(e.getStatus()), e);
        } finally {
            channel.shutdownNow();
        }
    }
}
