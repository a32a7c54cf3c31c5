package io.eckermann.client.transport;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What encrypts this client's connections. */
public final class Encryption {
    private final ChannelCredentials credentials;

    private Encryption(ChannelCredentials credentials) {
        this.credentials = credentials;
    }

    /** None. */
    public static Encryption plain() {
        return new Encryption(InsecureChannelCredentials.create());
    }

    /**
     * By TLS 1.2 or newer; servers must be whom they were called.
     *
     * @param authorities null: those of this JVM
     * @param certificate null: shows none
     * @param key null exactly when certificate is
     * @throws IllegalArgumentException when a file cannot be used; says which
     */
    public static Encryption tls(@Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {
        TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
        try {
            if (authorities != null) {
                builder.trustManager(authorities.toFile());
            }
            if (certificate != null && key != null) {
                builder.keyManager(certificate.toFile(), key.toFile());
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("A file for TLS cannot be read: " + e.getMessage() + ".", e);
        }
        return new Encryption(builder.build());
    }

    ChannelCredentials credentials() {
        return credentials;
    }
}
