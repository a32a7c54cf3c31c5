package io.eckermann.client.transport;

import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What encrypts this client's connections, and what it shows of itself on them. */
public final class Encryption {
    private final ChannelCredentials credentials;
    private final @Nullable Supplier<String> shown;
    /** Whether what is shown may be read by others on its way. */
    private final boolean careless;

    private Encryption(ChannelCredentials credentials, @Nullable Supplier<String> shown, boolean careless) {
        this.credentials = credentials;
        this.shown = shown;
        this.careless = careless;
    }

    private Encryption(ChannelCredentials credentials) {
        this(credentials, null, false);
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
                builder.trustManager(Authorities.trusted(authorities));
            }
            if (certificate != null && key != null) {
                builder.keyManager(certificate.toFile(), key.toFile());
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("A file for TLS cannot be read: " + e.getMessage() + ".", e);
        }
        return new Encryption(builder.build());
    }

    /**
     * The same with a key or token, which is shown at every call.
     *
     * @param alsoInPlainText whether it may go to another machine without being encrypted
     */
    public Encryption showing(Supplier<String> keyOrToken, boolean alsoInPlainText) {
        return new Encryption(credentials, keyOrToken, alsoInPlainText);
    }

    /** What the calls to an address go through. It says nothing of itself where others could hear it. */
    List<ClientInterceptor> interceptors(String address) {
        return shown == null || !mayShow(address) ? List.of() : List.of(new Bearer(shown));
    }

    /** Whether a key or token may be sent there. */
    public boolean mayShow(String address) {
        return shown == null
                || careless
                || !(credentials instanceof InsecureChannelCredentials)
                || Bearer.staysHere(address);
    }

    ChannelCredentials credentials() {
        return credentials;
    }
}
