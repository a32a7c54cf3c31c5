package io.eckermann.client.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.EventStore;
import io.eckermann.client.PayloadFaults;
import io.eckermann.client.PayloadSchema;
import io.eckermann.client.RegisteredSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs about schemas. */
@Command(
        name = "schema",
        description = "Registers, lists, shows and deletes schemas of payloads, and tries payloads on them.",
        synopsisSubcommandLabel = "put|list|get|delete|check",
        footer = {
            "",
            "  eckermann schema put orders OrderPlaced order-placed.json",
            "  eckermann topic update orders --validate on-append"
        },
        subcommands = {
            SchemaCommand.Put.class,
            SchemaCommand.ListAll.class,
            SchemaCommand.Get.class,
            SchemaCommand.Delete.class,
            SchemaCommand.Check.class
        })
final class SchemaCommand extends VerbGroup {
    private static ObjectNode json(PayloadSchema schema) {
        ObjectNode json = Json.object()
                .put("topic", schema.topic())
                .put("type", schema.type())
                .put("version", schema.version())
                .put("format", format(schema));
        if (!schema.message().isEmpty()) {
            json.put("message", schema.message());
        }
        return json.put("size_bytes", schema.sizeBytes())
                .put("created_time", Times.exact(schema.createdTime()))
                .put("created_ns", Long.toString(schema.createdNs()));
    }

    private static String format(PayloadSchema schema) {
        return schema.format() == PayloadSchema.Format.PROTOBUF ? "protobuf" : "json-schema";
    }

    /** Bytes of a file; {@code -} is the standard input. */
    private static byte[] bytes(Console console, String file) throws IOException {
        return file.equals("-") ? console.in().readAllBytes() : Files.readAllBytes(Path.of(file));
    }

    /** A verb about the schemas of one type of events. */
    private abstract static class SchemaVerb extends TopicVerb {
        @Parameters(index = "1", paramLabel = "TYPE", description = "Of the events it is about.")
        private String type = "";

        final String type() {
            return type;
        }
    }

    /** Registers a schema. */
    @Command(
            name = "put",
            description = "Registers a schema as the type's next version, unless the newest is the same.")
    static final class Put extends SchemaVerb {
        @Parameters(
                index = "2",
                paramLabel = "FILE",
                description =
                        "A JSON Schema; with --message what protoc --include_imports -o wrote. -: standard input.")
        private String file = "";

        @Option(
                names = "--message",
                paramLabel = "NAME",
                description = "The schema is one of Protobuf, and this the full name of the payloads' message.")
        private @Nullable String message;

        @Override
        void run(EventStore store) throws Exception {
            byte[] content = bytes(console(), file);
            RegisteredSchema done = answer(
                    message == null
                            ? store.schemas().putJson(topic(), type(), new String(content, StandardCharsets.UTF_8))
                            : store.schemas().putProtobuf(topic(), type(), content, message));
            report(
                    json(done.schema()).put("created", done.created()),
                    (done.created() ? "registered version " : "no change from version ")
                            + done.schema().version() + " of " + type() + " in " + topic());
        }
    }

    /** Lists schemas. */
    @Command(name = "list", aliases = "ls", description = "Lists the newest schema of each type, or all of one type.")
    static final class ListAll extends TopicVerb {
        @Parameters(index = "1", paramLabel = "TYPE", arity = "0..1", description = "All versions of this type.")
        private String type = "";

        @Override
        void run(EventStore store) throws Exception {
            List<PayloadSchema> found = answer(store.schemas().versions(topic(), type));
            if (output().format() == Format.table) {
                Table table = new Table("TYPE", "VERSION", "FORMAT", "BYTES", "REGISTERED");
                found.forEach(schema -> table.row(
                        schema.type(),
                        schema.version(),
                        format(schema),
                        schema.sizeBytes(),
                        Times.shortened(schema.createdTime())));
                table.print(console());
            } else {
                Json.print(
                        console(),
                        output().format(),
                        "schemas",
                        found.stream().map(SchemaCommand::json).toList());
            }
        }
    }

    /** Shows a schema. */
    @Command(name = "get", description = "Writes a schema as it was registered.")
    static final class Get extends SchemaVerb {
        @Option(names = "--version", paramLabel = "VERSION", description = "Default: the newest.")
        private int version;

        @Override
        void run(EventStore store) throws Exception {
            PayloadSchema schema = answer(store.schemas().get(topic(), type(), version));
            boolean isJson = schema.format() == PayloadSchema.Format.JSON_SCHEMA;
            if (output().format() != Format.table) {
                Json.print(console(), isJson ? withSchema(schema) : withBytes(schema));
            } else if (isJson) {
                console().line(schema.text().stripTrailing());
                console().flush();
            } else {
                throw new Failure.Usage("A Protobuf schema is no text: add -o json, which has it in base64.");
            }
        }

        private static ObjectNode withSchema(PayloadSchema schema) throws JsonProcessingException {
            ObjectNode json = json(schema);
            json.set("schema", Json.MAPPER.readTree(schema.text()));
            return json;
        }

        private static ObjectNode withBytes(PayloadSchema schema) {
            return json(schema).put("content_base64", schema.bytes());
        }
    }

    /** Deletes schemas. */
    @Command(name = "delete", description = "Deletes one version of a type's schema, or all of them.")
    static final class Delete extends SchemaVerb {
        @Option(names = "--version", paramLabel = "VERSION", description = "Only this one.")
        private int version;

        @Option(
                names = {"-y", "--yes"},
                description = "Does not ask.")
        private boolean yes;

        @Override
        void run(EventStore store) throws Exception {
            if (!yes && version == 0) {
                throw new Failure.Usage("This deletes all versions of " + type() + " in " + topic()
                        + " for good: add --yes to do it, or name one with --version.");
            }
            answer(store.schemas().delete(topic(), type(), version));
            report("deleted " + (version == 0 ? "all versions" : "version " + version) + " of " + type() + " in "
                    + topic());
        }
    }

    /** Tries a payload. */
    @Command(
            name = "check",
            description = "Says whether a payload satisfies a schema; appends nothing. Exit code 1 when it does not.")
    static final class Check extends SchemaVerb {
        @Parameters(index = "2", paramLabel = "FILE", description = "The payload. -: standard input.")
        private String file = "";

        @Option(names = "--version", paramLabel = "VERSION", description = "Default: the newest.")
        private int version;

        @Option(names = "--strict", description = "As in a topic that validates strictly.")
        private boolean strict;

        private boolean valid;

        @Override
        void run(EventStore store) throws Exception {
            byte[] payload = bytes(console(), file);
            PayloadFaults found = answer(store.schemas().check(topic(), type(), payload, version, strict));
            if (output().format() != Format.table) {
                Json.print(console(), json(found));
            } else if (found.isValid() && !output().quiet()) {
                console().line("valid by version " + found.version() + " of " + type());
            } else {
                found.faults()
                        .forEach(fault -> console()
                                .line((fault.path().isEmpty() ? "payload" : fault.path()) + ": " + fault.reason()));
            }
            console().flush();
            valid = found.isValid();
        }

        @Override
        int exitCode() {
            return valid ? ExitCode.OK : ExitCode.ERROR;
        }

        private static ObjectNode json(PayloadFaults found) {
            ObjectNode json = Json.object().put("valid", found.isValid()).put("version", found.version());
            ArrayNode faults = json.putArray("faults");
            found.faults()
                    .forEach(fault ->
                            faults.addObject().put("path", fault.path()).put("reason", fault.reason()));
            return json;
        }
    }
}
