package io.eckermann.gateway.schemas;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.ShardReads;
import io.eckermann.gateway.Shards;
import io.eckermann.gateway.TopicWrites;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.CheckPayloadRequest;
import io.eckermann.protocol.v1.CheckPayloadResponse;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.DeleteSchemaRequest;
import io.eckermann.protocol.v1.DeleteSchemaResponse;
import io.eckermann.protocol.v1.GetSchemaRequest;
import io.eckermann.protocol.v1.ListSchemasRequest;
import io.eckermann.protocol.v1.ListSchemasResponse;
import io.eckermann.protocol.v1.PutSchemaRequest;
import io.eckermann.protocol.v1.PutSchemaResponse;
import io.eckermann.protocol.v1.Schema;
import io.eckermann.protocol.v1.SchemaFault;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.SchemaState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Registers, shows and deletes schemas, and tries payloads on them. Safe from any thread; never blocks the caller. */
public final class SchemaHandler {
    private final Executor reads;
    private final ShardReads questions;
    private final TopicWrites writes;
    private final PayloadJudge judge;

    /** @param reads where the view is asked, and schemas are compiled */
    public SchemaHandler(Shards shards, Executor reads) {
        this.reads = reads;
        this.questions = new ShardReads(shards, reads);
        this.writes = new TopicWrites(shards, reads);
        this.judge = new PayloadJudge(shards);
    }

    /** Answers once this node judges by it. */
    public CompletableFuture<PutSchemaResponse> put(PutSchemaRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            Deadline deadline = Deadline.after(timeout);
            String topic = Names.topic(request.getTopic());
            String type = Names.schemaType(request.getType());
            check(request);
            return CompletableFuture.runAsync(
                            () -> SchemaCompiler.compile(
                                    request.getFormat(), request.getContent(), request.getMessage()),
                            reads)
                    .thenCompose(compiles -> writes.submit(
                            topic,
                            deadline,
                            Result.SchemaPut.class,
                            found -> new Operation.PutSchema(
                                    found.id(), type, request.getFormat(), request.getContent(), request.getMessage())))
                    .thenCompose(put ->
                            questions.read(topic, Consistency.LINEARIZABLE, deadline, view -> response(request, put)));
        });
    }

    private static void check(PutSchemaRequest request) {
        if (request.getContent().isEmpty() || request.getContent().size() > Limits.SCHEMA_BYTES_MAX) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "A schema has 1 to 262144 bytes.")
                    .with("field", "content")
                    .with("bytes", request.getContent().size())
                    .with("bytes_max", Limits.SCHEMA_BYTES_MAX);
        }
        boolean needsMessage = request.getFormat() == Schema.Format.PROTOBUF;
        if (needsMessage == request.getMessage().isEmpty()
                || request.getMessage().length() > Limits.NAME_CHARS_MAX) {
            throw new StoreException(
                            ErrorCode.BAD_REQUEST,
                            "A Protobuf schema, and no other, names the payloads' message, in at most 249 characters.")
                    .with("field", "message");
        }
    }

    private static PutSchemaResponse response(PutSchemaRequest request, Result.SchemaPut put) {
        return PutSchemaResponse.newBuilder()
                .setSchema(Schema.newBuilder()
                        .setTopic(request.getTopic())
                        .setType(request.getType())
                        .setVersion(put.version())
                        .setFormat(request.getFormat())
                        .setContent(request.getContent())
                        .setMessage(request.getMessage())
                        .setSizeBytes(request.getContent().size())
                        .setCreatedNs(put.createdNs()))
                .setCreated(put.created())
                .build();
    }

    public CompletableFuture<Schema> get(GetSchemaRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String type = Names.schemaType(request.getType());
            int version = version(request.getVersion());
            return questions.read(
                    topic,
                    request.getConsistency(),
                    Deadline.after(timeout),
                    view -> message(topic, existing(view, topic, type, version)));
        });
    }

    public CompletableFuture<ListSchemasResponse> list(ListSchemasRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String type = request.getType().isEmpty() ? "" : Names.schemaType(request.getType());
            return questions.read(topic, request.getConsistency(), Deadline.after(timeout), view -> {
                ListSchemasResponse.Builder response = ListSchemasResponse.newBuilder();
                view.schemas(ShardReads.topic(view, topic).id(), type)
                        .forEach(schema -> response.addSchemas(message(topic, schema)));
                return response.build();
            });
        });
    }

    public CompletableFuture<DeleteSchemaResponse> delete(DeleteSchemaRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            Deadline deadline = Deadline.after(timeout);
            String topic = Names.topic(request.getTopic());
            String type = Names.schemaType(request.getType());
            int version = version(request.getVersion());
            return writes.submit(
                            topic,
                            deadline,
                            Result.Done.class,
                            found -> new Operation.DeleteSchema(found.id(), type, version))
                    .thenCompose(done -> questions.read(
                            topic,
                            Consistency.LINEARIZABLE,
                            deadline,
                            view -> DeleteSchemaResponse.getDefaultInstance()));
        });
    }

    /** Tries a payload on a schema. */
    public CompletableFuture<CheckPayloadResponse> check(CheckPayloadRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String type = Names.schemaType(request.getType());
            int version = version(request.getVersion());
            return questions.read(topic, Consistency.LINEARIZABLE, Deadline.after(timeout), view -> {
                SchemaState schema = existing(view, topic, type, version);
                CheckPayloadResponse.Builder response =
                        CheckPayloadResponse.newBuilder().setVersion(schema.version());
                long topicId = ShardReads.topic(view, topic).id();
                judge.faults(topicId, type, schema.version(), request.getPayload(), request.getStrict())
                        .forEach(fault -> response.addFaults(
                                SchemaFault.newBuilder().setPath(fault.path()).setReason(fault.reason())));
                return response.build();
            });
        });
    }

    private static int version(int version) {
        if (version < 0) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "A schema's versions are numbered from 1.")
                    .with("field", "version");
        }
        return version;
    }

    private static SchemaState existing(ReadView view, String topic, String type, int version) {
        return view.schema(ShardReads.topic(view, topic).id(), type, version).orElseThrow(() -> {
            StoreException error = new StoreException(
                            ErrorCode.SCHEMA_NOT_FOUND,
                            "The event type has no such schema in this topic: register it first.")
                    .with("topic", topic)
                    .with("event_type", type);
            return version == 0 ? error : error.with("schema_version", version);
        });
    }

    private static Schema message(String topic, SchemaState schema) {
        return Schema.newBuilder()
                .setTopic(topic)
                .setType(schema.type())
                .setVersion(schema.version())
                .setFormat(schema.format())
                .setContent(schema.content())
                .setMessage(schema.message())
                .setSizeBytes(schema.sizeBytes())
                .setCreatedNs(schema.createdNs())
                .build();
    }
}
