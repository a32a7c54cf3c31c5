package io.eckermann.gateway.http;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.http.json.SchemaJson;
import io.eckermann.gateway.schemas.SchemaHandler;
import io.eckermann.protocol.v1.CheckPayloadRequest;
import io.eckermann.protocol.v1.DeleteSchemaRequest;
import io.eckermann.protocol.v1.GetSchemaRequest;
import io.eckermann.protocol.v1.ListSchemasRequest;
import io.eckermann.protocol.v1.PutSchemaRequest;
import io.eckermann.protocol.v1.Schema;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code /v1/topics/{topic}/schemas} and what is below it. */
final class SchemaRoute {
    private static final String TYPES = "/v1/topics/{topic}/schemas";
    private static final String TYPE = TYPES + "/{type}";
    private static final String VERSIONS = TYPE + "/versions";
    private static final String VERSION = VERSIONS + "/{version}";
    private static final List<String> JSON = List.of(Answer.JSON, "application/schema+json");
    private static final List<String> PROTOBUF = List.of("application/protobuf", "application/x-protobuf");

    private final UseCases useCases;
    private final Duration timeout;

    SchemaRoute(UseCases useCases, Duration timeout) {
        this.useCases = useCases;
        this.timeout = timeout;
    }

    void register(Router router) {
        router.on("GET", TYPES, this::list);
        router.on("GET", VERSIONS, this::list);
        router.on("PUT", TYPE, this::put);
        router.on("GET", TYPE, this::show);
        router.on("GET", VERSION, this::show);
        router.on("DELETE", TYPE, this::delete);
        router.on("DELETE", VERSION, this::delete);
        router.on("POST", TYPE + "/check", this::check);
        router.on("POST", VERSION + "/check", this::check);
    }

    private SchemaHandler schemas() {
        return useCases.schemas();
    }

    private static String topic(Request http) {
        return http.variables().get(0);
    }

    private static String type(Request http) {
        return http.variables().size() > 1 ? http.variables().get(1) : "";
    }

    /** 0 when the path names none. */
    private static int version(Request http) {
        return http.variables().size() > 2
                ? (int) Query.number("version", http.variables().get(2), 1, Integer.MAX_VALUE)
                : 0;
    }

    private CompletableFuture<Answer> list(Request http) {
        ListSchemasRequest request = ListSchemasRequest.newBuilder()
                .setTopic(topic(http))
                .setType(type(http))
                .setConsistency(http.query().only(List.of("consistency")).consistency())
                .build();
        return schemas()
                .list(request, timeout)
                .thenApply(answer -> Answer.json(200, SchemaJson.schemas(answer.getSchemasList())));
    }

    private CompletableFuture<Answer> put(Request http) {
        Query query = http.query().only(List.of("message"));
        PutSchemaRequest request = PutSchemaRequest.newBuilder()
                .setTopic(topic(http))
                .setType(type(http))
                .setFormat(format(http))
                .setContent(http.body())
                .setMessage(query.text("message").orElse(""))
                .build();
        return schemas().put(request, timeout).thenApply(answer -> {
            byte[] schema = SchemaJson.schema(
                    answer.getSchema().toBuilder().setContent(ByteString.EMPTY).build());
            return answer.getCreated()
                    ? Answer.json(201, schema)
                            .with(
                                    "Location",
                                    http.target().split("\\?", 2)[0] + "/versions/"
                                            + answer.getSchema().getVersion())
                    : Answer.json(200, schema);
        });
    }

    private static Schema.Format format(Request http) {
        if (PROTOBUF.contains(http.mediaType())) {
            Bodies.uncompressed(http);
            return Schema.Format.PROTOBUF;
        }
        if (!JSON.contains(http.mediaType())) {
            throw Bodies.unsupported(http, String.join(", ", JSON) + ", " + String.join(", ", PROTOBUF));
        }
        Bodies.plainUtf8(http);
        return Schema.Format.JSON_SCHEMA;
    }

    private CompletableFuture<Answer> show(Request http) {
        GetSchemaRequest request = GetSchemaRequest.newBuilder()
                .setTopic(topic(http))
                .setType(type(http))
                .setVersion(version(http))
                .setConsistency(http.query().only(List.of("consistency")).consistency())
                .build();
        return schemas().get(request, timeout).thenApply(schema -> Answer.json(200, SchemaJson.schema(schema)));
    }

    private CompletableFuture<Answer> delete(Request http) {
        http.query().only(List.of());
        DeleteSchemaRequest request = DeleteSchemaRequest.newBuilder()
                .setTopic(topic(http))
                .setType(type(http))
                .setVersion(version(http))
                .build();
        return schemas().delete(request, timeout).thenApply(done -> Answer.empty(204));
    }

    /** The body is the payload, whatever it is. */
    private CompletableFuture<Answer> check(Request http) {
        Bodies.uncompressed(http);
        CheckPayloadRequest request = CheckPayloadRequest.newBuilder()
                .setTopic(topic(http))
                .setType(type(http))
                .setVersion(version(http))
                .setPayload(http.body())
                .setStrict(http.query().only(List.of("strict")).flag("strict", false))
                .build();
        return schemas().check(request, timeout).thenApply(answer -> Answer.json(200, SchemaJson.checked(answer)));
    }
}
