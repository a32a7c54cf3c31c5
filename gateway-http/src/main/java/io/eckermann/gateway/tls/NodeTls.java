package io.eckermann.gateway.tls;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node shows of itself and whom it trusts. New connections go by what the files said last; {@link #look} reads
 * them anew when they changed. Safe from any thread.
 */
public final class NodeTls {
    /** Those that the doors take; not left to what a library or the JVM has by default. */
    public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);

    private final TlsFiles files;
    private final boolean clientsShowCertificates;
    private final NodeNames names;
    private final NodeKeys keys = new NodeKeys();
    private final AdvancedTlsX509TrustManager trust;
    private final AdvancedTlsX509TrustManager nodeTrust;
    private List<FileTime> read = List.of();

    private NodeTls(TlsFiles files, boolean clientsShowCertificates, NodeNames names) throws CertificateException {
        this.files = files;
        this.clientsShowCertificates = clientsShowCertificates;
        this.names = names;
        this.trust = AdvancedTlsX509TrustManager.newBuilder().build();
        this.nodeTrust = AdvancedTlsX509TrustManager.newBuilder()
                .setSslSocketAndEnginePeerVerifier(new NodesOnly(names))
                .build();
    }

    /**
     * Reads the files.
     *
     * @param clientsShowCertificates whether nobody is let in without a certificate
     * @throws IOException with a message for the operator
     */
    public static NodeTls open(TlsFiles files, boolean clientsShowCertificates, NodeNames names) throws IOException {
        try {
            NodeTls tls = new NodeTls(files, clientsShowCertificates, names);
            tls.read();
            return tls;
        } catch (GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** With which nodes are called; in plain text when that is null. */
    public static ChannelCredentials calling(@Nullable NodeTls tls) {
        if (tls == null) {
            return InsecureChannelCredentials.create();
        }
        return TlsChannelCredentials.newBuilder()
                .keyManager(tls.keys)
                .trustManager(tls.trust)
                .build();
    }

    /** This node's certificate and key. */
    public X509ExtendedKeyManager keys() {
        return keys;
    }

    /** Trusts whom the authorities vouch for, and servers only under the name they were called by. */
    public X509ExtendedTrustManager trust() {
        return trust;
    }

    /** The same, and only nodes. */
    public X509ExtendedTrustManager nodeTrust() {
        return nodeTrust;
    }

    public NodeNames names() {
        return names;
    }

    public boolean clientsShowCertificates() {
        return clientsShowCertificates;
    }

    /** Reads the files if one has changed. What can't be used is reported, and what was read before stays. */
    public synchronized void look() {
        try {
            if (!files.changed().equals(read)) {
                read();
                LOG.info("The certificates have changed and are used for new connections");
            }
        } catch (IOException e) {
            LOG.warn("The certificates cannot be read anew, those read before stay in use: {}", e.getMessage());
        }
    }

    private synchronized void read() throws IOException {
        List<FileTime> now = changed();
        try {
            keys.read(files);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new IOException(
                    "tls.certificate " + files.certificate() + " and tls.key " + files.key()
                            + " cannot be used (" + e.getMessage()
                            + "): they must be PEM, the key that of the first certificate, in PKCS#8 without a password.",
                    e);
        }
        try {
            trust.updateTrustCredentials(files.authorities().toFile());
            nodeTrust.updateTrustCredentials(files.authorities().toFile());
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException(
                    "tls.authorities " + files.authorities() + " cannot be used (" + e.getMessage()
                            + "): it must hold PEM certificates.",
                    e);
        }
        read = now;
    }

    private List<FileTime> changed() throws IOException {
        for (Path file : List.of(files.certificate(), files.key(), files.authorities())) {
            if (!Files.isReadable(file)) {
                throw new IOException("The file " + file + " of the tls settings is missing or cannot be read.");
            }
        }
        return files.changed();
    }

    private record NodesOnly(NodeNames names) implements AdvancedTlsX509TrustManager.SslSocketAndEnginePeerVerifier {
        @Override
        public void verifyPeerCertificate(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain[0]);
        }

        @Override
        public void verifyPeerCertificate(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain[0]);
        }

        private void check(X509Certificate certificate) throws CertificateException {
            if (!names.has(certificate)) {
                throw new CertificateException("The certificate of " + certificate.getSubjectX500Principal()
                        + " is not for the host of any of the nodes.");
            }
        }
    }
}
