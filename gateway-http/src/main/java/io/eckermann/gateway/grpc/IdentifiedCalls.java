package io.eckermann.gateway.grpc;

import io.eckermann.gateway.calls.Correlation;
import io.eckermann.gateway.calls.RequestId;
import io.eckermann.gateway.calls.TraceContext;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each call of clients its request id, and tells it to them: in the headers, and of what fails in the trailers. */
public final class IdentifiedCalls implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(IdentifiedCalls.class);

    private static final Metadata.Key<String> ID = key(RequestId.HEADER.toLowerCase(Locale.ROOT));
    private static final Metadata.Key<String> PARENT = key(TraceContext.PARENT);
    private static final Metadata.Key<String> STATE = key(TraceContext.STATE);
    /** What nodes say to each other is no request of anybody. */
    private static final String INTERNAL = "eckermann.internal.";

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        if (method.startsWith(INTERNAL)) {
            return next.startCall(call, headers);
        }
        // A stream lasts longer than what it was opened in: its requests say for themselves what they belong to.
        boolean isOne = call.getMethodDescriptor().getType().clientSendsOneMessage();
        Correlation correlation = new Correlation(
                RequestId.of(given(headers, ID)),
                isOne ? TraceContext.of(given(headers, PARENT), given(headers, STATE)) : null);
        return Contexts.interceptCall(
                correlation.in(Context.current()), new Identified<>(call, method, correlation), headers, next);
    }

    private static List<String> given(Metadata headers, Metadata.Key<String> key) {
        Iterable<String> all = headers.getAll(key);
        if (all == null) {
            return List.of();
        }
        List<String> given = new ArrayList<>(1);
        all.forEach(given::add);
        return given;
    }

    private static final class Identified<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final String method;
        private final Correlation correlation;
        private final long startedNanos = System.nanoTime();

        Identified(ServerCall<Q, R> call, String method, Correlation correlation) {
            super(call);
            this.method = method;
            this.correlation = correlation;
        }

        @Override
        public void sendHeaders(Metadata headers) {
            headers.put(ID, correlation.requestId());
            super.sendHeaders(headers);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!status.isOk()) {
                trailers.put(ID, correlation.requestId());
            }
            if (LOG.isDebugEnabled()) {
                long millis = (System.nanoTime() - startedNanos) / 1_000_000;
                correlation.during(() -> LOG.debug("{} ended {} after {} ms", method, status.getCode(), millis));
            }
            super.close(status, trailers);
        }
    }
}
