package io.eckermann.gateway.http;

import io.eckermann.gateway.access.CallerConnection;
import io.eckermann.gateway.calls.Correlation;
import io.eckermann.gateway.calls.RequestId;
import io.eckermann.gateway.calls.TraceContext;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What a connection and a request's head tell of who is behind it. Event loop. */
final class Callers {
    private Callers() {}

    static Caller of(Channel channel, HttpRequest head, CallerConnection connection) {
        String address = channel.remoteAddress() instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "";
        return new Caller(
                address, certificate(channel.pipeline().get(SslHandler.class)), connection, correlation(head));
    }

    /** @param head null: what came was none */
    static Correlation correlation(@Nullable HttpRequest head) {
        if (head == null) {
            return new Correlation(RequestId.made(), null);
        }
        HttpHeaders headers = head.headers();
        return new Correlation(
                RequestId.of(headers.getAll(RequestId.HEADER)),
                TraceContext.of(headers.getAll(TraceContext.PARENT), headers.getAll(TraceContext.STATE)));
    }

    private static @Nullable X509Certificate certificate(@Nullable SslHandler encryption) {
        if (encryption == null) {
            return null;
        }
        try {
            Certificate shown = encryption.engine().getSession().getPeerCertificates()[0];
            return shown instanceof X509Certificate certificate ? certificate : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }
}
