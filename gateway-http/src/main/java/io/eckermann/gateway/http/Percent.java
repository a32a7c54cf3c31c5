package io.eckermann.gateway.http;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encoding (RFC 3986, section 2.1) and other text in a request's head, strictly UTF-8. */
final class Percent {
    private Percent() {}

    /** @throws StoreException BAD_REQUEST naming the field */
    static String decode(String field, String text, boolean plusIsSpace) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.write(hexByte(field, text, i + 1));
                i += 2;
            } else {
                bytes.write(c == '+' && plusIsSpace ? ' ' : c);
            }
        }
        return utf8(field, bytes.toByteArray());
    }

    /** A header's value: its bytes came in as characters of ISO 8859-1. */
    static String header(String field, String value) {
        return utf8(field, value.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String utf8(String field, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw HttpErrors.bad(field, "is not UTF-8");
        }
    }

    private static int hexByte(String field, String text, int at) {
        int high = at + 1 < text.length() ? Character.digit(text.charAt(at), 16) : -1;
        int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        if (high < 0 || low < 0) {
            throw new StoreException(
                            ErrorCode.BAD_REQUEST, "'" + field + "' has a '%' without two hex digits after it.")
                    .with("field", field);
        }
        return high << 4 | low;
    }
}
