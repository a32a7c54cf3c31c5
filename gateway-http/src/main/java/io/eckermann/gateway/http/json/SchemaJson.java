package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.eckermann.protocol.v1.CheckPayloadResponse;
import io.eckermann.protocol.v1.Schema;
import io.eckermann.protocol.v1.SchemaFault;
import java.io.IOException;
import java.util.List;

/** Schemas of payloads, and what is wrong with one. */
public final class SchemaJson {
    private SchemaJson() {}

    /** One schema; without its content when it has none. */
    public static byte[] schema(Schema schema) {
        return JsonText.bytes(out -> write(out, schema));
    }

    public static byte[] schemas(List<Schema> schemas) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("schemas");
            for (Schema schema : schemas) {
                write(out, schema);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    public static byte[] checked(CheckPayloadResponse checked) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeBooleanField("valid", checked.getFaultsCount() == 0);
            out.writeNumberField("version", checked.getVersion());
            out.writeArrayFieldStart("faults");
            for (SchemaFault fault : checked.getFaultsList()) {
                out.writeStartObject();
                out.writeStringField("path", fault.getPath());
                out.writeStringField("reason", fault.getReason());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static void write(JsonGenerator out, Schema schema) throws IOException {
        boolean isJson = schema.getFormat() == Schema.Format.JSON_SCHEMA;
        out.writeStartObject();
        out.writeStringField("topic", schema.getTopic());
        out.writeStringField("type", schema.getType());
        out.writeNumberField("version", schema.getVersion());
        out.writeStringField("format", isJson ? "json-schema" : "protobuf");
        if (!schema.getMessage().isEmpty()) {
            out.writeStringField("message", schema.getMessage());
        }
        out.writeNumberField("size_bytes", schema.getSizeBytes());
        out.writeStringField("created_time", Times.rfc3339(schema.getCreatedNs()));
        out.writeStringField("created_ns", Long.toString(schema.getCreatedNs()));
        if (isJson && !schema.getContent().isEmpty()) {
            // It was read as JSON when it was registered.
            out.writeFieldName("schema");
            out.writeRawValue(schema.getContent().toStringUtf8());
        } else if (!schema.getContent().isEmpty()) {
            out.writeBinaryField("content_base64", schema.getContent().toByteArray());
        }
        out.writeEndObject();
    }
}
