package io.eckermann.client.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Those who vouch for nodes, in a PEM file. All of them count: gRPC's own reading keeps one of each name, and the old and the
 * new certificate of an authority that is renewed mostly have the same.
 */
final class Authorities {
    private Authorities() {}

    /** @throws IOException when the file can't be used; says which */
    static TrustManager[] trusted(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry(Integer.toString(++number), each);
            }
            if (number == 0) {
                throw new IOException(file + " holds no PEM certificate");
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            return managers.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds no PEM certificates: " + e.getMessage(), e);
        }
    }
}
