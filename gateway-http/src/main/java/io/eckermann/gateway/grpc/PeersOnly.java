package io.eckermann.gateway.grpc;

import io.eckermann.gateway.tls.NodeNames;
import io.eckermann.protocol.internal.v1.PeersGrpc;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What nodes say to one another is for nodes: others at the same door are refused. */
final class PeersOnly implements ServerInterceptor {
    private final NodeNames names;

    PeersOnly(NodeNames names) {
        this.names = names;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        boolean internal =
                PeersGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName());
        if (internal && !isNode(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION))) {
            call.close(
                    Status.PERMISSION_DENIED.withDescription(
                            "Only nodes of this cluster may call this: show a certificate for the host of one."),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return next.startCall(call, headers);
    }

    private boolean isNode(@Nullable SSLSession session) {
        if (session == null) {
            return false;
        }
        try {
            Certificate shown = session.getPeerCertificates()[0];
            return shown instanceof X509Certificate certificate && names.has(certificate);
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }
}
