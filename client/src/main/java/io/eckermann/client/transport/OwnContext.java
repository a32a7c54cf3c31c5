package io.eckermann.client.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.MethodDescriptor;

/**
 * Begins every call outside the gRPC context of whoever asks for it. A caller that serves gRPC itself has a context that
 * is cancelled when it has answered; a stream of appends begun there, which all callers share, would break off with it.
 */
final class OwnContext implements ClientInterceptor {
    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
            MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
        Context callers = Context.ROOT.attach();
        try {
            return next.newCall(method, options);
        } finally {
            Context.ROOT.detach(callers);
        }
    }
}
