package io.eckermann.gateway.http.json;

/**
 * Reads bytes that may be JSON (RFC 8259) in UTF-8 and writes them on as they are, but for white space between tokens.
 * Used once.
 */
final class JsonPayload {
    private static final int NUMBER_BYTES_MAX = 1_000;

    private final byte[] in;
    private final int end;
    private final JsonBytes out;
    private int at;
    /** Up to where it was written on. */
    private int written;

    JsonPayload(byte[] in, int length, JsonBytes out) {
        this.in = in;
        this.end = length;
        this.out = out;
    }

    /** Writes one value; false when these bytes are not one, and then what was written is worth nothing. */
    boolean write() {
        space();
        if (!value(1)) {
            return false;
        }
        space();
        out.raw(in, written, at - written);
        return at == end;
    }

    private int peek() {
        return at < end ? in[at] : -1;
    }

    private boolean take(char expected) {
        if (peek() != expected) {
            return false;
        }
        at++;
        return true;
    }

    /** Leaves out white space. */
    private void space() {
        int from = at;
        while (at < end && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
            at++;
        }
        if (at > from) {
            out.raw(in, written, from - written);
            written = at;
        }
    }

    private boolean value(int depth) {
        return switch (peek()) {
            case '{' -> depth <= JsonText.DEPTH_MAX && object(depth);
            case '[' -> depth <= JsonText.DEPTH_MAX && array(depth);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
    }

    private boolean object(int depth) {
        at++;
        space();
        if (take('}')) {
            return true;
        }
        do {
            space();
            if (!string()) {
                return false;
            }
            space();
            if (!take(':')) {
                return false;
            }
            space();
            if (!value(depth + 1)) {
                return false;
            }
            space();
        } while (take(','));
        return take('}');
    }

    private boolean array(int depth) {
        at++;
        space();
        if (take(']')) {
            return true;
        }
        do {
            space();
            if (!value(depth + 1)) {
                return false;
            }
            space();
        } while (take(','));
        return take(']');
    }

    private boolean word(String word) {
        for (int k = 0; k < word.length(); k++) {
            if (!take(word.charAt(k))) {
                return false;
            }
        }
        return true;
    }

    private boolean number() {
        int from = at;
        boolean negative = take('-');
        assert !negative || at == from + 1;
        if (!take('0') && !digits()) {
            return false;
        }
        if (take('.') && !digits()) {
            return false;
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            if (!digits()) {
                return false;
            }
        }
        return at - from <= NUMBER_BYTES_MAX;
    }

    private boolean digits() {
        int from = at;
        while (at < end && in[at] >= '0' && in[at] <= '9') {
            at++;
        }
        return at > from;
    }

    private boolean string() {
        if (!take('"')) {
            return false;
        }
        while (at < end) {
            byte one = in[at];
            if (one == '"') {
                at++;
                return true;
            } else if (one == '\\') {
                if (!escape()) {
                    return false;
                }
            } else if (one >= 0x20) {
                at++;
            } else if (one >= 0 || !beyondAscii()) {
                return false;
            }
        }
        return false;
    }

    private boolean escape() {
        at++;
        int what = peek();
        at++;
        if (what != 'u') {
            return what == '"'
                    || what == '\\'
                    || what == '/'
                    || what == 'b'
                    || what == 'f'
                    || what == 'n'
                    || what == 'r'
                    || what == 't';
        }
        int unit = hex();
        if (unit < 0 || Character.isLowSurrogate((char) unit)) {
            return false;
        }
        // Half a surrogate pair is no character: such a text could not be written as UTF-8.
        return !Character.isHighSurrogate((char) unit)
                || (take('\\') && take('u') && Character.isLowSurrogate((char) Math.max(0, hex())));
    }

    /** Four hex digits; -1 when they are not. */
    private int hex() {
        int unit = 0;
        for (int k = 0; k < 4; k++) {
            int digit = at < end ? Character.digit(in[at], 16) : -1;
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
            at++;
        }
        return unit;
    }

    /** One character of two to four bytes (RFC 3629): the shortest form, and no surrogate. */
    private boolean beyondAscii() {
        int first = in[at] & 0xff;
        int more = first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 0;
        if (more == 0 || end - at <= more) {
            return false;
        }
        int second = in[at + 1] & 0xff;
        boolean fits = switch (first) {
            case 0xe0 -> second >= 0xa0;
            case 0xed -> second < 0xa0;
            case 0xf0 -> second >= 0x90;
            case 0xf4 -> second < 0x90;
            default -> true;
        };
        for (int k = 1; k <= more; k++) {
            fits &= (in[at + k] & 0xc0) == 0x80;
        }
        at += 1 + more;
        return fits;
    }
}
