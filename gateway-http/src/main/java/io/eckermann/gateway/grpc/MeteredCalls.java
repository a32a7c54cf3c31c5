package io.eckermann.gateway.grpc;

import io.eckermann.gateway.metrics.RequestMeter;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Counts calls when they end, by method and status. Thread safe. */
public final class MeteredCalls implements ServerInterceptor {
    private final RequestMeter meter;

    public MeteredCalls(RequestMeter meter) {
        this.meter = meter;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        long startedNanos = System.nanoTime();
        // Only calls of methods that exist come here, so there are few names.
        String method = call.getMethodDescriptor().getFullMethodName();
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        meter.answered("grpc", method, status.getCode().name(), startedNanos);
                        super.close(status, trailers);
                    }
                },
                headers);
    }
}
