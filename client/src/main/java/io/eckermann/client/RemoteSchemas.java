package io.eckermann.client;

import com.google.protobuf.ByteString;
import io.eckermann.client.transport.Calls;
import io.eckermann.protocol.v1.CheckPayloadRequest;
import io.eckermann.protocol.v1.DeleteSchemaRequest;
import io.eckermann.protocol.v1.GetSchemaRequest;
import io.eckermann.protocol.v1.ListSchemasRequest;
import io.eckermann.protocol.v1.PutSchemaRequest;
import io.eckermann.protocol.v1.Schema;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@link Schemas} by calls to any node. */
final class RemoteSchemas implements Schemas {
    private final Calls calls;

    RemoteSchemas(Calls calls) {
        this.calls = calls;
    }

    @Override
    public CompletableFuture<RegisteredSchema> putJson(String topic, String type, String schema) {
        return put(PutSchemaRequest.newBuilder()
                .setTopic(topic)
                .setType(type)
                .setContent(ByteString.copyFromUtf8(schema))
                .build());
    }

    @Override
    public CompletableFuture<RegisteredSchema> putProtobuf(
            String topic, String type, byte[] descriptors, String message) {
        return put(PutSchemaRequest.newBuilder()
                .setTopic(topic)
                .setType(type)
                .setFormat(Schema.Format.PROTOBUF)
                .setContent(ByteString.copyFrom(descriptors))
                .setMessage(message)
                .build());
    }

    private CompletableFuture<RegisteredSchema> put(PutSchemaRequest request) {
        return Failures.mapped(
                calls.putSchema(request), put -> new RegisteredSchema(schema(put.getSchema()), put.getCreated()));
    }

    @Override
    public CompletableFuture<PayloadSchema> get(String topic, String type, int version) {
        GetSchemaRequest request = GetSchemaRequest.newBuilder()
                .setTopic(topic)
                .setType(type)
                .setVersion(version)
                .build();
        return Failures.mapped(calls.getSchema(request), RemoteSchemas::schema);
    }

    @Override
    public CompletableFuture<List<PayloadSchema>> list(String topic) {
        return versions(topic, "");
    }

    @Override
    public CompletableFuture<List<PayloadSchema>> versions(String topic, String type) {
        ListSchemasRequest request =
                ListSchemasRequest.newBuilder().setTopic(topic).setType(type).build();
        return Failures.mapped(
                calls.listSchemas(request),
                list -> list.getSchemasList().stream()
                        .map(RemoteSchemas::schema)
                        .toList());
    }

    @Override
    public CompletableFuture<Void> delete(String topic, String type, int version) {
        DeleteSchemaRequest request = DeleteSchemaRequest.newBuilder()
                .setTopic(topic)
                .setType(type)
                .setVersion(version)
                .build();
        return Failures.mapped(calls.deleteSchema(request), done -> null);
    }

    @Override
    public CompletableFuture<PayloadFaults> check(
            String topic, String type, byte[] payload, int version, boolean strict) {
        CheckPayloadRequest request = CheckPayloadRequest.newBuilder()
                .setTopic(topic)
                .setType(type)
                .setVersion(version)
                .setPayload(ByteString.copyFrom(payload))
                .setStrict(strict)
                .build();
        return Failures.mapped(
                calls.checkPayload(request),
                checked -> new PayloadFaults(
                        checked.getVersion(),
                        checked.getFaultsList().stream()
                                .map(fault -> new PayloadFaults.Fault(fault.getPath(), fault.getReason()))
                                .toList()));
    }

    private static PayloadSchema schema(Schema schema) {
        return new PayloadSchema(
                schema.getTopic(),
                schema.getType(),
                schema.getVersion(),
                schema.getFormat() == Schema.Format.PROTOBUF
                        ? PayloadSchema.Format.PROTOBUF
                        : PayloadSchema.Format.JSON_SCHEMA,
                schema.getMessage(),
                schema.getContent().asReadOnlyByteBuffer(),
                schema.getSizeBytes(),
                schema.getCreatedNs());
    }
}
