package io.eckermann.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Schemas of payloads, by topic and event type. Whether appends are compared with them is a setting of the topic
 * ({@link TopicSettings#validate}). Futures fail with an {@link EckermannException}.
 */
public interface Schemas {
    /** Registers a JSON Schema as the type's next version, unless the newest is the same; BAD_SCHEMA. */
    CompletableFuture<RegisteredSchema> putJson(String topic, String type, String schema);

    /**
     * Registers a message of Protobuf in the same way.
     *
     * @param descriptors a FileDescriptorSet with all imports, as {@code protoc --include_imports -o} writes it
     * @param message the full name of the payloads' message
     */
    CompletableFuture<RegisteredSchema> putProtobuf(String topic, String type, byte[] descriptors, String message);

    /** The newest version, with its content; SCHEMA_NOT_FOUND. */
    default CompletableFuture<PayloadSchema> get(String topic, String type) {
        return get(topic, type, 0);
    }

    /** One version, with its content; 0: the newest. SCHEMA_NOT_FOUND. */
    CompletableFuture<PayloadSchema> get(String topic, String type, int version);

    /** The newest version of each type, by type, without contents. */
    CompletableFuture<List<PayloadSchema>> list(String topic);

    /** All versions of one type, without contents. */
    CompletableFuture<List<PayloadSchema>> versions(String topic, String type);

    /** Deletes one version, or all (0); SCHEMA_NOT_FOUND. The one below a deleted newest version is the newest again. */
    CompletableFuture<Void> delete(String topic, String type, int version);

    /** Tries a payload on the newest version; appends nothing. */
    default CompletableFuture<PayloadFaults> check(String topic, String type, byte[] payload) {
        return check(topic, type, payload, 0, false);
    }

    /**
     * Tries a payload on a schema; appends nothing. SCHEMA_NOT_FOUND.
     *
     * @param version 0: the newest
     * @param strict as by a topic that validates strictly
     */
    CompletableFuture<PayloadFaults> check(String topic, String type, byte[] payload, int version, boolean strict);
}
