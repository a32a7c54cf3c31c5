package io.eckermann.gateway.node;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** How issuers of tokens are asked for their keys. */
final class Issuers {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);

    private Issuers() {}

    /**
     * Follows no redirects: whoever answers is whom the configuration names.
     *
     * @param authorities who vouches for them (PEM); null: whom Java trusts
     * @throws IOException with a message for the operator
     */
    static HttpClient client(@Nullable Path authorities) throws IOException {
        HttpClient.Builder client =
                HttpClient.newBuilder().connectTimeout(CONNECT_WITHIN).followRedirects(HttpClient.Redirect.NEVER);
        if (authorities == null) {
            return client.build();
        }
        try (InputStream in = Files.newInputStream(authorities)) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("authority-" + number++, each);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return client.sslContext(context).build();
        } catch (GeneralSecurityException | IOException e) {
            throw new IOException(
                    "security.oidc.authorities " + authorities + " cannot be used (" + e.getMessage()
                            + "): it must hold PEM certificates.",
                    e);
        }
    }
}
