package io.eckermann.gateway.access;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key as it is shown: {@code eck_ID_SECRET}. The secret has 256 random bits, so its SHA-256 can't be turned back, with or
 * without salt. Never to be logged: {@link #toString} says the id alone.
 */
public final class KeyText {
    /** Secret scanners find keys by it. */
    static final String PREFIX = "eck_";

    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 32;
    private static final Pattern FORM = Pattern.compile("eck_([0-9a-f]{16})_([A-Za-z0-9_-]{43})");

    private final String id;
    private final String secret;

    private KeyText(String id, String secret) {
        this.id = id;
        this.secret = secret;
    }

    /** A new one. */
    static KeyText make(SecureRandom random) {
        byte[] id = new byte[ID_BYTES];
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(id);
        random.nextBytes(secret);
        return new KeyText(
                HexFormat.of().formatHex(id),
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** Empty when it is no key at all. */
    static Optional<KeyText> parse(String shown) {
        Matcher form = FORM.matcher(shown);
        return form.matches() ? Optional.of(new KeyText(form.group(1), form.group(2))) : Optional.empty();
    }

    String id() {
        return id;
    }

    /** What is kept of it. */
    ByteString sha256() {
        return ByteString.copyFrom(sha256(secret));
    }

    /** Whether that was kept of it; takes as long whether it was or not. */
    boolean has(ByteString sha256) {
        return MessageDigest.isEqual(sha256(secret), sha256.toByteArray());
    }

    /** The whole of it, to be shown once. */
    String secretText() {
        return PREFIX + id + "_" + secret;
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return PREFIX + id;
    }
}
