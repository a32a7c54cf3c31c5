package io.eckermann.gateway.calls;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The name of one request, which its caller may choose. */
public final class RequestId {
    /** The HTTP header, and in small letters the gRPC metadata, that has it in both directions. */
    public static final String HEADER = "X-Request-Id";

    /** As a fact of errors, and in log lines. */
    public static final String FACT = "request_id";

    private static final int CHARS_MAX = 128;

    private RequestId() {}

    /** The one that was given if it is one and well-formed: up to 128 visible characters of ASCII. Else a new one. */
    public static String of(List<String> given) {
        return given.size() == 1 && isWellFormed(given.get(0)) ? given.get(0) : made();
    }

    /** One that is not guessed to have been used before: it need not be a secret. */
    public static String made() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    private static boolean isWellFormed(String text) {
        return !text.isEmpty() && text.length() <= CHARS_MAX && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
