package io.eckermann.gateway.grpc;

import io.eckermann.gateway.calls.AnsweredCalls;
import io.eckermann.gateway.calls.Correlation;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Has calls counted when they end, by method and status. Thread safe. */
public final class MeteredCalls implements ServerInterceptor {
    private final AnsweredCalls meter;

    public MeteredCalls(AnsweredCalls meter) {
        this.meter = meter;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        long startedNanos = System.nanoTime();
        // Only calls of methods that exist come here, so there are few names.
        Correlation correlation = Correlation.current();
        String method = call.getMethodDescriptor().getFullMethodName();
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        meter.answered(
                                correlation, "grpc", method, status.getCode().name(), startedNanos);
                        super.close(status, trailers);
                    }
                },
                headers);
    }
}
