package io.eckermann.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * One version of what payloads of an event type look like.
 *
 * @param version 1 for the type's first, then one more each time
 * @param message the payloads' message; empty unless the format is Protobuf
 * @param content a JSON Schema, or a FileDescriptorSet, read-only; empty in lists
 * @param sizeBytes of the content
 * @param createdNs when it was registered, in nanoseconds since 1970-01-01T00:00:00Z
 */
public record PayloadSchema(
        String topic,
        String type,
        int version,
        Format format,
        String message,
        ByteBuffer content,
        int sizeBytes,
        long createdNs) {
    /** What a schema is written in. */
    public enum Format {
        JSON_SCHEMA,
        PROTOBUF
    }

    /** The content as text, which a JSON Schema is. */
    public String text() {
        return StandardCharsets.UTF_8.decode(content.duplicate()).toString();
    }

    /** A copy of the content. */
    public byte[] bytes() {
        byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        return bytes;
    }

    public Instant createdTime() {
        return Nanos.instant(createdNs);
    }
}
