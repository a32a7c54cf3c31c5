package io.eckermann.gateway.schemas;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.google.protobuf.ByteString;
import com.networknt.schema.Error;
import com.networknt.schema.FailFastAssertionException;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import com.networknt.schema.regex.RegularExpression;
import io.eckermann.gateway.LinearPattern;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * JSON Schema. A schema is all that it says: nothing is fetched for it, neither by file nor by network. Judging a payload is
 * bounded in steps and depth, patterns take linear time, and so no schema can hold a thread for long.
 */
final class JsonCheck implements PayloadCheck {
    private static final int DEPTH_MAX = 200;
    private static final String METASCHEMAS = "https://json-schema.org/draft/";
    private static final String OLD_METASCHEMAS = "http://json-schema.org/draft-";

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Schema schema;

    private JsonCheck(Schema schema) {
        this.schema = schema;
    }

    static PayloadCheck compile(ByteString content) {
        JsonNode document;
        try {
            document = read(content);
        } catch (IOException e) {
            throw SchemaCompiler.bad("The schema is no JSON.", reason(e));
        }
        try {
            SchemaRegistry registry = registry();
            Schema schema = registry.getSchema(document);
            requireSchema(registry, document);
            schema.initializeValidators();
            JsonCheck check = new JsonCheck(schema);
            // One that goes round in circles without looking further into the payload does so with any.
            schema.validate(new BoundedEvaluation(false, new Steps()), NullNode.getInstance());
            schema.validate(new BoundedEvaluation(false, new Steps()), MAPPER.createObjectNode());
            return check;
        } catch (Steps.ExceededException | StackOverflowError e) {
            throw SchemaCompiler.bad("The schema refers to itself in a circle.", "too many steps for an empty payload");
        } catch (SchemaException | IllegalArgumentException e) {
            throw SchemaCompiler.bad(
                    "The schema can't be used: see the reason. It refers to nothing outside of itself.",
                    String.valueOf(e.getMessage()));
        }
    }

    /** Each schema has its own: it must not find what another one calls by the same name. */
    private static SchemaRegistry registry() {
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .pathType(PathType.JSON_POINTER)
                .locale(Locale.ROOT)
                .regularExpressionFactory(JsonCheck::pattern)
                .build();
        return SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemaRegistryConfig(config)
                        .schemaLoader(loader ->
                                loader.fetchRemoteResources(false).block(iri -> !isMetaschema(iri.toString()))));
    }

    private static boolean isMetaschema(String iri) {
        return iri.startsWith(METASCHEMAS) || iri.startsWith(OLD_METASCHEMAS);
    }

    private static RegularExpression pattern(String text) {
        LinearPattern pattern = LinearPattern.compile(text);
        return pattern::find;
    }

    /** The library takes what a keyword can't mean for nothing; the draft's own schema says so. */
    private static void requireSchema(SchemaRegistry registry, JsonNode document) {
        String draft = document.path("$schema").asText(SpecificationVersion.DRAFT_2020_12.getDialectId());
        List<Error> errors = registry.getSchema(SchemaLocation.of(draft)).validate(document);
        if (!errors.isEmpty()) {
            Fault first = fault(errors.get(0));
            throw SchemaCompiler.bad("The schema is not what its draft allows.", first.path() + ": " + first.reason());
        }
    }

    @Override
    public List<Fault> faults(ByteString payload, boolean strict, int max, Steps steps) {
        JsonNode document;
        try {
            document = read(payload);
        } catch (IOException e) {
            return List.of(new Fault("", "The payload is no JSON: " + reason(e)));
        }
        BoundedEvaluation evaluation = new BoundedEvaluation(max == 1, steps);
        try {
            schema.validate(evaluation, document);
        } catch (FailFastAssertionException first) {
            return List.of(fault(Objects.requireNonNull(first.getError())));
        } catch (Steps.ExceededException | StackOverflowError e) {
            // The stack is whole again here; nothing was changed on the way.
            return List.of(new Fault("", "Comparing the payload with the schema takes too many steps."));
        }
        return evaluation.getErrors().stream().limit(max).map(JsonCheck::fault).toList();
    }

    private static Fault fault(Error error) {
        return new Fault(error.getInstanceLocation().toString(), error.getMessage());
    }

    private static JsonNode read(ByteString text) throws IOException {
        try (JsonParser in = MAPPER.getFactory().createParser(text.newInput())) {
            JsonNode document = MAPPER.readTree(in);
            if (document == null || document.isMissingNode()) {
                throw new IOException("there is nothing");
            }
            if (in.nextToken() != null) {
                throw new IOException("something is behind its end");
            }
            return document;
        }
    }

    private static String reason(IOException e) {
        return e instanceof JsonProcessingException parsing
                ? parsing.getOriginalMessage()
                        + (parsing.getLocation() == null
                                ? ""
                                : " (line " + parsing.getLocation().getLineNr() + ", column "
                                        + parsing.getLocation().getColumnNr() + ")")
                : String.valueOf(e.getMessage());
    }
}
