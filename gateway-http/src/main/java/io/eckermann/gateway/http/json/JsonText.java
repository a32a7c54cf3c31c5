package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON as text: bounded parsing, compact writing. */
public final class JsonText {
    /** How deep arrays and objects may be nested, the request's own levels included. */
    public static final int DEPTH_MAX = 100;

    private static final int NUMBER_CHARS_MAX = 1_000;
    private static final int NAME_CHARS_MAX = 64 << 10;

    private static final JsonFactory PLAIN = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(Limits.HTTP_BODY_BYTES_MAX)
                    .maxNumberLength(NUMBER_CHARS_MAX)
                    .maxNameLength(NAME_CHARS_MAX)
                    .build())
            // Names come from users: neither intern them nor keep them in a table shared by all parsers.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();
    private static final JsonFactory STRICT =
            PLAIN.rebuild().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private JsonText() {}

    /** What writes one JSON value. */
    @FunctionalInterface
    public interface Body {
        void write(JsonGenerator out) throws IOException;
    }

    /** What reads one JSON value; the parser stands on its first token. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(JsonParser in) throws IOException;
    }

    public static byte[] bytes(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = PLAIN.createGenerator(bytes)) {
            body.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Decodes UTF-8, and nothing else.
     *
     * @throws StoreException MALFORMED_BODY
     */
    public static String utf8(ByteString bytes) {
        return utf8(bytes.asReadOnlyByteBuffer())
                .orElseThrow(() -> new StoreException(
                        ErrorCode.MALFORMED_BODY, "The body is not UTF-8, the only encoding of text read here."));
    }

    /**
     * Parses a text that holds one JSON value and nothing else.
     *
     * @param where named in errors, e.g. {@code "the body"}
     * @throws StoreException MALFORMED_BODY, or what the reader throws
     */
    public static <T> T parse(String text, String where, Reader<T> reader) {
        try (JsonParser in = STRICT.createParser(text)) {
            if (in.nextToken() == null) {
                throw new StoreException(ErrorCode.MALFORMED_BODY, "JSON is expected, but " + where + " is empty.");
            }
            T value = reader.read(in);
            if (in.nextToken() != null) {
                throw new StoreException(
                        ErrorCode.MALFORMED_BODY, "After the JSON value " + where + " goes on with something else.");
            }
            return value;
        } catch (JsonProcessingException e) {
            StoreException malformed = new StoreException(
                    ErrorCode.MALFORMED_BODY, "As JSON, " + where + " is malformed: " + e.getOriginalMessage());
            if (e.getLocation() != null) {
                malformed
                        .with("line", e.getLocation().getLineNr())
                        .with("column", e.getLocation().getColumnNr());
            }
            throw malformed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value the parser stands on, without white space; numbers keep the digits they were written with. */
    static String compact(JsonParser in) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = PLAIN.createGenerator(text)) {
            int depth = 0;
            while (true) {
                JsonToken token = in.currentToken();
                copy(in, token, out);
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0) {
                    break;
                }
                in.nextToken();
            }
        }
        return text.toString();
    }

    private static void copy(JsonParser in, JsonToken token, JsonGenerator out) throws IOException {
        if (token.isNumeric()) {
            // As text: a double or even a decimal would change what was written.
            out.writeNumber(in.getText());
        } else {
            out.copyCurrentEvent(in);
        }
    }

    /** Whether the text can be written as UTF-8: an escape may have left half a surrogate pair. */
    static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static Optional<String> utf8(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
