package io.eckermann.gateway.grpc;

import io.eckermann.gateway.schemas.SchemaHandler;
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
import io.eckermann.protocol.v1.SchemasGrpc;
import io.grpc.stub.StreamObserver;

/** {@code eckermann.v1.Schemas}. */
public final class SchemasService extends SchemasGrpc.SchemasImplBase {
    private final SchemaHandler schemas;

    public SchemasService(SchemaHandler schemas) {
        this.schemas = schemas;
    }

    @Override
    public void putSchema(PutSchemaRequest request, StreamObserver<PutSchemaResponse> observer) {
        Calls.answer(observer, timeout -> schemas.put(request, timeout));
    }

    @Override
    public void getSchema(GetSchemaRequest request, StreamObserver<Schema> observer) {
        Calls.answer(observer, timeout -> schemas.get(request, timeout));
    }

    @Override
    public void listSchemas(ListSchemasRequest request, StreamObserver<ListSchemasResponse> observer) {
        Calls.answer(observer, timeout -> schemas.list(request, timeout));
    }

    @Override
    public void deleteSchema(DeleteSchemaRequest request, StreamObserver<DeleteSchemaResponse> observer) {
        Calls.answer(observer, timeout -> schemas.delete(request, timeout));
    }

    @Override
    public void checkPayload(CheckPayloadRequest request, StreamObserver<CheckPayloadResponse> observer) {
        Calls.answer(observer, timeout -> schemas.check(request, timeout));
    }
}
