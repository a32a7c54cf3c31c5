package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.AppendResult;
import io.eckermann.client.Compression;
import io.eckermann.client.EckermannException;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Appends events given as arguments, lines of stdin, or a file. */
@Command(
        name = "append",
        description = {
            "Appends events to a topic and waits until they are fsynced on a majority.",
            "Payloads given as arguments are appended together, all or none. Without any, each line of stdin is an event,"
                    + " or each line of --file; those are appended in order, one by one."
        },
        footer = {
            "",
            "A line is an event's payload as it is, unless --lines json: then it is a JSON object with type, key, id, time,",
            "tags, headers, and data (any JSON) or data_base64. With --lines cloudevents it is a CloudEvent in its JSON format,",
            "as read --output cloudevents writes them. For --file json is the default, for stdin raw.",
            "",
            "  eckermann append orders '{\"total\":12}' --type Paid --key order-17",
            "  eckermann append orders --file events.ndjson",
            "  eckermann append courses '{}' --type Subscribed --tag course:c1 --tag student:s1 \\",
            "      --fail-if-match 'type=Defined,Subscribed tag=course:c1' --fail-if-match tag=student:s1 --after 41"
        })
final class AppendCommand extends Verb {
    @Parameters(index = "0", paramLabel = "TOPIC")
    private String topic = "";

    @Parameters(index = "1..*", paramLabel = "PAYLOAD")
    private List<String> payloads = new ArrayList<>();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "A file of events, one a line.")
    private @Nullable Path file;

    @Option(
            names = "--lines",
            paramLabel = "KIND",
            description = "What a line is: ${COMPLETION-CANDIDATES}. Default: json for --file, raw for stdin.")
    private @Nullable Lines lines;

    @Option(
            names = "--compression",
            paramLabel = "KIND",
            converter = CompressionConverter.class,
            description = "How batches of events are compressed where it pays: auto, none, lz4, zstd. Default: auto.")
    private Compression compression = Compression.AUTO;

    @Mixin
    private ConditionOptions conditions = new ConditionOptions();

    @Mixin
    private EventAttributes attributes = new EventAttributes();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    /** What a line holds. */
    enum Lines {
        /** The payload, without the end of the line. */
        raw,
        /** An event as a JSON object. */
        json,
        /** A CloudEvent as a JSON object. */
        cloudevents
    }

    /** Reads a kind as it is written elsewhere: in lower case. */
    static final class CompressionConverter implements ITypeConverter<Compression> {
        @Override
        public Compression convert(String value) {
            try {
                return Compression.valueOf(value.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + value + "' is none of auto, none, lz4, zstd");
            }
        }
    }

    @Override
    public Integer call() throws Exception {
        Lines kind = lines == null ? (file == null ? Lines.raw : Lines.json) : lines;
        check(kind);
        try (EventStore store = cluster.open(compression)) {
            if (!payloads.isEmpty()) {
                appendArguments(store);
            } else if (file != null) {
                try (InputStream in = Files.newInputStream(file)) {
                    appendLines(store, in, kind, Files.size(file));
                }
            } else {
                appendLines(store, console().in(), kind, 0);
            }
        }
        return ExitCode.OK;
    }

    private void check(Lines kind) {
        if (!payloads.isEmpty() && (file != null || lines != null)) {
            throw new Failure.Usage("Payloads as arguments and lines of events exclude each other.");
        }
        if (payloads.isEmpty() && !conditions.isEmpty()) {
            throw new Failure.Usage(
                    "Conditions and an idempotency key are for one append: give payloads as arguments.");
        }
        if (attributes.hasId() && payloads.size() != 1) {
            throw new Failure.Usage("--id names one event: give one payload.");
        }
        if (payloads.isEmpty() && kind != Lines.raw && !attributes.isEmpty()) {
            throw new Failure.Usage("JSON lines carry their own attributes: leave out --type, --key and the like, or"
                    + " use --lines raw.");
        }
    }

    private void appendArguments(EventStore store) throws Exception {
        List<Event> events = payloads.stream()
                .map(payload -> attributes.event(payload.getBytes(StandardCharsets.UTF_8)))
                .toList();
        AppendResult result =
                conditions.isEmpty() ? answer(store.append(topic, events)) : appendIfConditionsHold(store, events);
        ObjectNode json = result(result.first(), result.last())
                .put("head", result.head())
                .put("recorded_time", Times.exact(result.recordedTime()))
                .put("recorded_ns", Long.toString(result.recordedNs()));
        report(json, events.size(), result.first(), result.last());
    }

    private AppendResult appendIfConditionsHold(EventStore store, List<Event> events) throws Exception {
        try {
            return answer(store.append(topic, events, conditions.toAppendOptions()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EckermannException.ConditionFailed refused) {
                throw Refusal.of(refused, conditions.said(), store, topic);
            }
            throw e;
        }
    }

    private void appendLines(EventStore store, InputStream in, Lines kind, long bytes) throws IOException {
        Progress progress = new Progress(console(), output.quiet() ? 0 : bytes);
        LineAppender appender = new LineAppender(store, topic, progress);
        appender.append(in, line -> switch (kind) {
            case raw -> attributes.event(line);
            case json -> EventJson.read(new String(line, StandardCharsets.UTF_8));
            case cloudevents -> CloudEventText.read(line);
        });
        report(
                result(appender.first(), appender.last()).put("count", appender.acknowledged()),
                appender.acknowledged(),
                appender.first(),
                appender.last());
    }

    private ObjectNode result(long first, long last) {
        return Json.object().put("topic", topic).put("first", first).put("last", last);
    }

    private void report(ObjectNode json, long count, long first, long last) {
        if (output.format() != Format.table) {
            Json.print(console(), json);
        } else if (!output.quiet()) {
            String where = count == 0
                    ? ""
                    : first == last ? " at position " + first : " at positions " + first + " to " + last;
            console().line("appended " + count + (count == 1 ? " event to " : " events to ") + topic + where);
            console().flush();
        }
    }
}
