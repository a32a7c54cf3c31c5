package io.eckermann.client;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.CheckPayloadRequest;
import io.eckermann.protocol.v1.CheckPayloadResponse;
import io.eckermann.protocol.v1.DeleteSchemaRequest;
import io.eckermann.protocol.v1.DeleteSchemaResponse;
import io.eckermann.protocol.v1.GetSchemaRequest;
import io.eckermann.protocol.v1.ListSchemasRequest;
import io.eckermann.protocol.v1.ListSchemasResponse;
import io.eckermann.protocol.v1.PutSchemaRequest;
import io.eckermann.protocol.v1.PutSchemaResponse;
import io.eckermann.protocol.v1.Schema;
import io.eckermann.protocol.v1.SchemaFault;
import io.eckermann.protocol.v1.SchemasGrpc;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;

/** Schemas of the fake: it keeps them, and finds a payload wrong that is not the schema itself. */
final class FakeSchemas extends SchemasGrpc.SchemasImplBase {
    private final FakeCluster cluster;

    FakeSchemas(FakeCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void putSchema(PutSchemaRequest request, StreamObserver<PutSchemaResponse> answer) {
        synchronized (cluster) {
            Schema schema = Schema.newBuilder()
                    .setTopic(request.getTopic())
                    .setType(request.getType())
                    .setVersion(of(request.getTopic(), request.getType()).size() + 1)
                    .setFormat(request.getFormat())
                    .setContent(request.getContent())
                    .setMessage(request.getMessage())
                    .setSizeBytes(request.getContent().size())
                    .setCreatedNs(7)
                    .build();
            cluster.schemas.add(schema);
            answer.onNext(PutSchemaResponse.newBuilder()
                    .setSchema(schema)
                    .setCreated(true)
                    .build());
        }
        answer.onCompleted();
    }

    private List<Schema> of(String topic, String type) {
        return cluster.schemas.stream()
                .filter(schema -> schema.getTopic().equals(topic))
                .filter(schema -> type.isEmpty() || schema.getType().equals(type))
                .toList();
    }

    @Override
    public void getSchema(GetSchemaRequest request, StreamObserver<Schema> answer) {
        synchronized (cluster) {
            List<Schema> found = of(request.getTopic(), request.getType());
            if (found.size() < Math.max(1, request.getVersion())) {
                answer.onError(FakeErrors.error(ErrorCode.SCHEMA_NOT_FOUND, Map.of("event_type", request.getType())));
                return;
            }
            answer.onNext(found.get((request.getVersion() == 0 ? found.size() : request.getVersion()) - 1));
        }
        answer.onCompleted();
    }

    @Override
    public void listSchemas(ListSchemasRequest request, StreamObserver<ListSchemasResponse> answer) {
        synchronized (cluster) {
            answer.onNext(ListSchemasResponse.newBuilder()
                    .addAllSchemas(of(request.getTopic(), request.getType()))
                    .build());
        }
        answer.onCompleted();
    }

    @Override
    public void deleteSchema(DeleteSchemaRequest request, StreamObserver<DeleteSchemaResponse> answer) {
        synchronized (cluster) {
            cluster.schemas.removeAll(of(request.getTopic(), request.getType()));
            answer.onNext(DeleteSchemaResponse.getDefaultInstance());
        }
        answer.onCompleted();
    }

    @Override
    public void checkPayload(CheckPayloadRequest request, StreamObserver<CheckPayloadResponse> answer) {
        synchronized (cluster) {
            CheckPayloadResponse.Builder response =
                    CheckPayloadResponse.newBuilder().setVersion(1);
            if (!of(request.getTopic(), request.getType()).get(0).getContent().equals(request.getPayload())) {
                response.addFaults(SchemaFault.newBuilder().setPath("/n").setReason("it is another text"));
            }
            answer.onNext(response.build());
        }
        answer.onCompleted();
    }
}
