package io.eckermann.helm.kubelet;

import java.io.IOException;
import java.math.BigInteger;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Knocks at the doors of pods without asking who is there, as a kubelet's probes do. */
final class Doors {
    private static final int PATIENCE_MS = 5_000;
    private static final SSLContext NOBODY = context();

    private Doors() {}

    private static SSLContext context(KeyManager... shown) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown, new TrustManager[] {new Anybody()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Not connected yet. */
    static HttpURLConnection http(String uri) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(uri).toURL().openConnection();
        if (connection instanceof HttpsURLConnection encrypted) {
            encrypted.setSSLSocketFactory(NOBODY.getSocketFactory());
            encrypted.setHostnameVerifier((host, session) -> true);
        }
        return connection;
    }

    /** Of the certificate that the door shows to a new connection. */
    static BigInteger serial(String ip, int port) throws IOException {
        try (SSLSocket socket = connected(NOBODY, ip, port)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    /**
     * Whether a gRPC server lets in who shows this: it begins to speak then. The client's part of TLS 1.3 ends before the
     * server has judged.
     *
     * @param shown nothing, or a certificate
     */
    static boolean letIn(String ip, int port, KeyManager... shown) throws IOException {
        try (SSLSocket socket = connected(context(shown), ip, port)) {
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket.getInputStream().read() >= 0;
        } catch (SSLException | SocketException e) {
            return false;
        }
    }

    private static SSLSocket connected(SSLContext context, String ip, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.connect(new InetSocketAddress(ip, port), PATIENCE_MS);
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
