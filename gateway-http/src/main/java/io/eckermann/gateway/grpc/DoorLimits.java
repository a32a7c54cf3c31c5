package io.eckermann.gateway.grpc;

import io.eckermann.gateway.access.CallerConnection;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.grpc.Attributes;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds how many connections are served, and how many calls on each: what callers leave unread, or send unasked, costs
 * memory for every call. A connection beyond is not cut, since its caller would not learn why: its calls are refused, as
 * long as there is no room for it. Thread safe.
 */
final class DoorLimits extends ServerTransportFilter implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(DoorLimits.class);

    private static final Attributes.Key<Connection> CONNECTION = Attributes.Key.create("io.eckermann.connection");

    /** For whom the connection of a call is counted. */
    static final Attributes.Key<CallerConnection> CALLERS = Attributes.Key.create("io.eckermann.callers");

    private final int connectionsMax;
    private final int callsMax;
    /** Those that are served. */
    private final AtomicInteger connections = new AtomicInteger();
    /** Whether the log says so already, since a connection ended last. */
    private final AtomicBoolean full = new AtomicBoolean();

    DoorLimits(int connectionsMax, int callsMax) {
        this.connectionsMax = connectionsMax;
        this.callsMax = callsMax;
    }

    /** One connection; guarded by itself. */
    private final class Connection {
        private final CallerConnection callers = new CallerConnection();
        private boolean served;
        private int calls;

        /** Takes a place for it, if it has none and there is one. */
        synchronized boolean serve() {
            if (!served) {
                served = connections.incrementAndGet() <= connectionsMax;
                if (!served) {
                    connections.decrementAndGet();
                }
            }
            return served;
        }

        synchronized void ended() {
            if (served) {
                connections.decrementAndGet();
                full.set(false);
            }
        }

        synchronized boolean begin() {
            boolean room = calls < callsMax;
            calls += room ? 1 : 0;
            return room;
        }

        synchronized void end() {
            calls--;
        }
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
        Connection connection = new Connection();
        if (!connection.serve() && !full.getAndSet(true)) {
            LOG.warn("Calls of a gRPC connection are refused: there are grpc.connections-max, {}.", connectionsMax);
        }
        return attributes.toBuilder()
                .set(CONNECTION, connection)
                .set(CALLERS, connection.callers)
                .build();
    }

    @Override
    public void transportTerminated(@Nullable Attributes attributes) {
        // Null, or without, when it never was ready.
        Connection connection = attributes == null ? null : attributes.get(CONNECTION);
        if (connection != null) {
            connection.ended();
            connection.callers.ended();
        }
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Connection connection = call.getAttributes().get(CONNECTION);
        if (connection == null) {
            return next.startCall(call, headers);
        }
        if (!connection.serve()) {
            return refused(
                    call,
                    new StoreException(
                                    ErrorCode.OVERLOADED,
                                    "This node has too many connections: close some, or use another node.")
                            .with("limit_connections", connectionsMax));
        }
        if (!connection.begin()) {
            return refused(
                    call,
                    new StoreException(
                                    ErrorCode.OVERLOADED,
                                    "Too many calls are open on this connection: end some, or open another connection.")
                            .with("limit_calls", callsMax));
        }
        return new Counted<>(next.startCall(call, headers), connection);
    }

    private static <Q> ServerCall.Listener<Q> refused(ServerCall<Q, ?> call, StoreException why) {
        StatusRuntimeException refusal = GrpcErrors.toStatus(why);
        Metadata details = refusal.getTrailers();
        call.close(refusal.getStatus(), details == null ? new Metadata() : details);
        return new ServerCall.Listener<>() {};
    }

    /** One of the two comes at every call's end. */
    private static final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Connection connection;

        Counted(ServerCall.Listener<Q> call, Connection connection) {
            super(call);
            this.connection = connection;
        }

        @Override
        public void onComplete() {
            connection.end();
            super.onComplete();
        }

        @Override
        public void onCancel() {
            connection.end();
            super.onCancel();
        }
    }
}
