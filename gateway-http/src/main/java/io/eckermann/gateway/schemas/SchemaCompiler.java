package io.eckermann.gateway.schemas;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Schema;

/** Makes checks of schemas. May take long, and loads a library at its first use. */
final class SchemaCompiler {
    private static final int SHOWN_CHARS_MAX = 500;

    private SchemaCompiler() {}

    /**
     * The check that a schema means.
     *
     * @throws StoreException BAD_SCHEMA with the reason
     */
    static PayloadCheck compile(Schema.Format format, ByteString content, String message) {
        return switch (format) {
            case JSON_SCHEMA -> JsonCheck.compile(content);
            case PROTOBUF -> ProtobufCheck.compile(content, message);
            case UNRECOGNIZED ->
                throw new StoreException(ErrorCode.BAD_REQUEST, "No such format: use JSON_SCHEMA or PROTOBUF.")
                        .with("field", "format");
        };
    }

    /** @param reason the library's words, or null */
    static StoreException bad(String message, String reason) {
        String shown = reason.length() <= SHOWN_CHARS_MAX ? reason : reason.substring(0, SHOWN_CHARS_MAX) + "…";
        return new StoreException(ErrorCode.BAD_SCHEMA, message)
                .with("field", "content")
                .with("reason", shown);
    }
}
