package io.eckermann.gateway.http.json;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** JSON as bytes, written piece by piece into an array that grows and is used again. Used by one thread at a time. */
public final class JsonBytes {
    private static final int USUAL_BYTES = 8 << 10;
    /** A larger array is not kept for the next use. */
    private static final int KEPT_BYTES_MAX = 2 << 20;
    /** Nor is one larger than this once less was written: who has little to say now may say little for hours. */
    private static final int KEPT_IDLE_BYTES_MAX = 64 << 10;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final byte[] HEX = ascii("0123456789abcdef");

    private byte[] bytes = new byte[USUAL_BYTES];
    private int length;
    /** A payload in one piece. */
    private byte[] scratch = new byte[USUAL_BYTES];

    private long second = Long.MIN_VALUE;
    private byte[] secondText = {};

    /** The array that holds what was written, from 0 to {@link #length}; only until more is written. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Forgets what was written, and arrays that are larger than what is written now calls for. */
    public void clear() {
        int kept = length > KEPT_IDLE_BYTES_MAX ? KEPT_BYTES_MAX : KEPT_IDLE_BYTES_MAX;
        length = 0;
        if (bytes.length > kept) {
            bytes = new byte[USUAL_BYTES];
        }
        if (scratch.length > kept) {
            scratch = new byte[USUAL_BYTES];
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes these bytes as they are. */
    public JsonBytes raw(byte[] more) {
        return raw(more, 0, more.length);
    }

    /** Writes ASCII as it is. */
    @SuppressWarnings("deprecation") // It takes the low byte of each char, which is what ASCII is, without a copy.
    public JsonBytes raw(String text) {
        room(text.length());
        text.getBytes(0, text.length(), bytes, length);
        length += text.length();
        return this;
    }

    JsonBytes raw(byte[] from, int offset, int count) {
        room(count);
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
        return this;
    }

    public JsonBytes raw(char ascii) {
        room(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** Writes a number of decimal digits. */
    public JsonBytes number(long value) {
        return raw(Long.toString(value));
    }

    /** Writes a string with its quotes. */
    public JsonBytes text(String text) {
        raw('"');
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        for (int at = 0; at < utf8.length; at++) {
            byte one = utf8[at];
            if (one == '"' || one == '\\' || (one >= 0 && one < 0x20)) {
                raw(utf8, from, at - from);
                escape(one);
                from = at + 1;
            }
        }
        return raw(utf8, from, utf8.length - from).raw('"');
    }

    private void escape(byte one) {
        raw('\\');
        switch (one) {
            case '"', '\\' -> raw((char) one);
            case '\n' -> raw('n');
            case '\r' -> raw('r');
            case '\t' -> raw('t');
            case '\b' -> raw('b');
            case '\f' -> raw('f');
            default -> raw("u00").raw((char) HEX[one >> 4]).raw((char) HEX[one & 15]);
        }
    }

    /** Writes a time in nanoseconds as RFC 3339, with its quotes. */
    JsonBytes time(long nanos) {
        long whole = Math.floorDiv(nanos, NANOS_PER_SECOND);
        if (whole != second) {
            // Neighbours were mostly recorded in the same second.
            String text = Times.rfc3339(nanos);
            secondText = ascii(text.substring(0, text.indexOf('.') + 1));
            second = whole;
        }
        raw('"').raw(secondText);
        room(9);
        long rest = Math.floorMod(nanos, NANOS_PER_SECOND);
        for (int at = length + 8; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += 9;
        return raw("Z\"");
    }

    /** Takes back what was written beyond this length. */
    void shorten(int kept) {
        length = kept;
    }

    /** Writes the payload as a value without white space if it is JSON; returns false otherwise, after some of it. */
    boolean json(ByteString payload) {
        return new JsonPayload(inOnePiece(payload), payload.size(), this).write();
    }

    /** Writes base64 with its quotes. */
    JsonBytes base64(ByteString payload) {
        byte[] piece = inOnePiece(payload);
        byte[] encoded = Base64.getEncoder()
                .encode(piece.length == payload.size() ? piece : Arrays.copyOf(piece, payload.size()));
        return raw('"').raw(encoded).raw('"');
    }

    private byte[] inOnePiece(ByteString payload) {
        if (scratch.length < payload.size()) {
            scratch = new byte[Math.max(payload.size(), 2 * scratch.length)];
        }
        payload.copyTo(scratch, 0);
        return scratch;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(length, more)));
        }
    }
}
