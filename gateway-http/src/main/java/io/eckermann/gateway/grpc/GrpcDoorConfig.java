package io.eckermann.gateway.grpc;

import io.eckermann.gateway.tls.NodeTls;
import org.jspecify.annotations.Nullable;

/**
 * How the gRPC door listens and how much it takes on.
 *
 * @param host a name or address of this machine
 * @param port 0 for a free one
 * @param connectionsMax calls on more are refused
 * @param callsMax on one connection at a time; more are refused
 * @param tls null: plain text
 */
public record GrpcDoorConfig(
        String host,
        int port,
        int connectionsMax,
        int callsMax,
        @Nullable NodeTls tls) {
    /** In plain text. */
    public GrpcDoorConfig(String host, int port, int connectionsMax, int callsMax) {
        this(host, port, connectionsMax, callsMax, null);
    }

    /** With as much as no honest user meets. */
    public static GrpcDoorConfig at(String host, int port) {
        return new GrpcDoorConfig(host, port, 4_096, 10_000);
    }
}
