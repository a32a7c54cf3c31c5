package io.eckermann.statemachine;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Schema;

/**
 * One version of what payloads of an event type look like.
 *
 * @param message the payloads' message; empty when the format has none
 * @param content empty in lists
 * @param sizeBytes of the content
 * @param createdNs the leader's time when it was registered
 */
public record SchemaState(
        String type,
        int version,
        Schema.Format format,
        String message,
        ByteString content,
        int sizeBytes,
        long createdNs) {}
