package io.eckermann.gateway.peers;

import io.eckermann.gateway.tls.NodeTls;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections to the other nodes, by the names in the configuration or in the list of members; made when first used, and
 * again when broken. Safe from any thread.
 */
public final class PeerChannels implements AutoCloseable {
    /** So that a node that vanished without a word, and may be back elsewhere, is connected to anew soon. */
    private static final long PING_EVERY_SECONDS = 15;

    private static final long PONG_WITHIN_SECONDS = 5;
    /** What was a node's address may be nobody's by now, and say nothing. */
    private static final int CONNECT_MS_MAX = 2_000;

    private final Members members;
    private final Executor callbacks;
    private final @Nullable NodeTls tls;
    private final Map<String, Connection> channels = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private record Connection(HostPort to, ManagedChannel channel) {}

    /**
     * Opens nothing yet.
     *
     * @param callbacks runs what comes in
     * @param tls null: plain text
     */
    public PeerChannels(Members members, Executor callbacks, @Nullable NodeTls tls) {
        this.tls = tls;
        this.members = members;
        this.callbacks = callbacks;
    }

    /** Whether there is such a peer. */
    boolean knows(String nodeId) {
        return members.peer(nodeId) != null;
    }

    /** The connection to a peer; throws a StoreException for a node that is none. */
    ManagedChannel channel(String nodeId) {
        return channels.computeIfAbsent(nodeId, this::open).channel();
    }

    /** Tries a broken connection again at once rather than after gRPC's growing pauses. */
    void reconnect(String nodeId) {
        ManagedChannel channel = channel(nodeId);
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.resetConnectBackoff();
        }
    }

    /** Gives up the connections to nodes that are no longer there, or elsewhere, each when what is under way on it has ended. */
    public void dropOthers() {
        channels.forEach((nodeId, connection) -> {
            Peer peer = members.peer(nodeId);
            if ((peer == null || !peer.grpc().equals(connection.to())) && channels.remove(nodeId, connection)) {
                connection.channel().shutdown();
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        channels.values().forEach(connection -> connection.channel().shutdownNow());
        for (Connection connection : channels.values()) {
            try {
                connection.channel().awaitTermination(2, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private Connection open(String nodeId) {
        Peer peer = members.peer(nodeId);
        if (peer == null) {
            throw new StoreException(ErrorCode.NODE_NOT_FOUND, "There is no such node in this cluster.")
                    .with("node", nodeId);
        }
        if (closed) {
            throw new StoreException(ErrorCode.NOT_READY, "The node is stopping; ask another one.");
        }
        return new Connection(peer.grpc(), to(peer.grpc()));
    }

    /** A connection of the caller's own, to whoever is there. */
    ManagedChannel to(HostPort grpc) {
        return NettyChannelBuilder.forAddress(grpc.host(), grpc.port(), NodeTls.calling(tls))
                .disableRetry()
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS_MAX)
                .keepAliveTime(PING_EVERY_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PONG_WITHIN_SECONDS, TimeUnit.SECONDS)
                .maxInboundMessageSize(Limits.GRPC_MESSAGE_BYTES_MAX)
                .executor(callbacks)
                .build();
    }
}
