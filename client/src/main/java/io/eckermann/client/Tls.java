package io.eckermann.client;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How connections are encrypted: whose certificates are trusted, and what this client shows of itself. Files are PEM and
 * read when the client is built. Immutable.
 */
public final class Tls {
    private final Optional<Path> authorities;
    private final Optional<Identity> identity;

    /**
     * What a client shows of itself.
     *
     * @param certificate its own, followed by those between it and the authority
     * @param key its private key, in PKCS#8 without a password
     */
    public record Identity(Path certificate, Path key) {}

    private Tls(Optional<Path> authorities, Optional<Identity> identity) {
        this.authorities = authorities;
        this.identity = identity;
    }

    /** Trusts whom this JVM trusts. */
    public static Tls system() {
        return new Tls(Optional.empty(), Optional.empty());
    }

    /** Trusts those for whom one of these authorities vouches, and nobody else. */
    public static Tls trusting(Path authorities) {
        return new Tls(Optional.of(authorities), Optional.empty());
    }

    /** The same, showing a certificate to those who ask for one. */
    public Tls identity(Path certificate, Path key) {
        return new Tls(authorities, Optional.of(new Identity(certificate, key)));
    }

    /** Empty: those of this JVM. */
    public Optional<Path> authorities() {
        return authorities;
    }

    public Optional<Identity> identity() {
        return identity;
    }
}
