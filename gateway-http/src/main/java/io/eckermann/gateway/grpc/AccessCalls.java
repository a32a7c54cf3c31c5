package io.eckermann.gateway.grpc;

import com.google.protobuf.Message;
import io.eckermann.gateway.access.CallerConnection;
import io.eckermann.gateway.access.Credentials;
import io.eckermann.gateway.access.Guard;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls in by who makes them and what they say: credentials are judged before the call begins, each message before the
 * service sees it, and nothing more is sent to whom the right was taken. Thread safe.
 */
public final class AccessCalls implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Guard guard;
    private final GrpcDemands demands = new GrpcDemands();

    public AccessCalls(Guard guard) {
        this.guard = guard;
    }

    /** Of a door that has a method which nobody thought of, it is better that it stays closed. */
    void requireDemands(List<ServerServiceDefinition> services) {
        for (ServerServiceDefinition service : services) {
            for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
                MethodDescriptor<?, ?> called = method.getMethodDescriptor();
                if (!demands.isOpen(called) && demands.of(called) == null) {
                    throw new IllegalStateException("It is not said what " + called.getFullMethodName() + " demands.");
                }
            }
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (demands.isOpen(call.getMethodDescriptor())) {
            return next.startCall(call, headers);
        }
        String method = call.getMethodDescriptor().getFullMethodName();
        Credentials credentials = credentials(call, headers);
        try {
            GrpcDemands.OfMessage demand = demands.of(call.getMethodDescriptor());
            if (demand == null) {
                throw new StoreException(ErrorCode.FORBIDDEN, "Nobody may call this.");
            }
            Guard.Visit visit = guard.enter(credentials, method, changes(call));
            Guarded<Q, A> guarded = new Guarded<>(call, visit, demand);
            Context context = visit.principal().in(Context.current());
            return guarded.listener(Contexts.interceptCall(context, guarded, headers, next));
        } catch (StoreException e) {
            close(call, nothingBefore(call, e));
            return new ServerCall.Listener<>() {};
        }
    }

    /** Tells the caller of a stream, of which nothing was let in before, that nothing of it is under way. */
    private static StoreException nothingBefore(ServerCall<?, ?> call, StoreException why) {
        return call.getMethodDescriptor().getType().clientSendsOneMessage() ? why : why.with("nothing_before", true);
    }

    private static boolean changes(ServerCall<?, ?> call) {
        String name = String.valueOf(call.getMethodDescriptor().getBareMethodName());
        return !name.startsWith("Get") && !name.startsWith("List");
    }

    private static Credentials credentials(ServerCall<?, ?> call, Metadata headers) {
        List<String> shown = new ArrayList<>(1);
        Iterable<String> all = headers.getAll(AUTHORIZATION);
        if (all != null) {
            all.forEach(shown::add);
        }
        // What comes in is seen by services no more than by anybody else.
        headers.discardAll(AUTHORIZATION);
        CallerConnection connection = call.getAttributes().get(DoorLimits.CALLERS);
        return new Credentials(
                shown,
                certificate(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION)),
                address(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
                connection == null ? new CallerConnection() : connection);
    }

    private static @Nullable X509Certificate certificate(@Nullable SSLSession session) {
        if (session == null) {
            return null;
        }
        try {
            Certificate shown = session.getPeerCertificates()[0];
            return shown instanceof X509Certificate certificate ? certificate : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    private static String address(@Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "";
    }

    private static void close(ServerCall<?, ?> call, StoreException why) {
        StatusRuntimeException refusal = GrpcErrors.toStatus(why);
        Metadata details = refusal.getTrailers();
        call.close(refusal.getStatus(), details == null ? new Metadata() : details);
    }

    /** A call that may end because of its caller. What the service sends comes on other threads than what it gets. */
    private static final class Guarded<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final Guard.Visit visit;
        private final GrpcDemands.OfMessage demand;
        /** Under the lock of this object, from here on. */
        private boolean over;

        private ServerCall.@Nullable Listener<Q> service;

        Guarded(ServerCall<Q, A> call, Guard.Visit visit, GrpcDemands.OfMessage demand) {
            super(call);
            this.visit = visit;
            this.demand = demand;
        }

        ServerCall.Listener<Q> listener(ServerCall.Listener<Q> next) {
            synchronized (this) {
                service = next;
            }
            return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(next) {
                private boolean began;

                @Override
                public void onMessage(Q message) {
                    try {
                        visit.check(demand.of((Message) message));
                        began = true;
                    } catch (StoreException e) {
                        end(began ? e : nothingBefore(Guarded.this, e));
                    }
                    if (!isOver()) {
                        super.onMessage(message);
                    }
                }

                @Override
                public void onHalfClose() {
                    if (!isOver()) {
                        super.onHalfClose();
                    }
                }

                @Override
                public void onReady() {
                    if (!isOver()) {
                        super.onReady();
                    }
                }

                @Override
                public void onCancel() {
                    visit.end("CANCELLED");
                    visit.leave();
                    super.onCancel();
                }

                @Override
                public void onComplete() {
                    visit.leave();
                    super.onComplete();
                }
            };
        }

        private synchronized boolean isOver() {
            return over;
        }

        @Override
        public void sendMessage(A message) {
            synchronized (this) {
                if (over) {
                    return;
                }
                if (visit.holds()) {
                    super.sendMessage(message);
                    return;
                }
            }
            end(Guard.lost());
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!over) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!over) {
                over = true;
                visit.end(status.getCode().name());
                super.close(status, trailers);
            }
        }

        /** Refuses what the caller goes on with, and tells the service that it is gone. */
        private void end(StoreException why) {
            ServerCall.Listener<Q> told;
            synchronized (this) {
                if (over) {
                    return;
                }
                over = true;
                visit.end(why.code().name());
                AccessCalls.close(delegate(), why);
                told = service;
            }
            if (told != null) {
                told.onCancel();
            }
        }
    }
}
