package io.eckermann.client.cli;

import io.eckermann.client.Consistency;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.ReadListener;
import io.eckermann.client.ReadOptions;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads what is there, and ends. */
@Command(
        name = "read",
        description = "Reads events of a topic, from the first to the last unless told otherwise.",
        footer = {
            "",
            "  eckermann read orders --from 100 --limit 10",
            "  eckermann read orders --time 15m -o ndjson",
            "  eckermann read orders --key order-17               also tells the key's version"
        })
final class ReadCommand extends Verb {
    @Parameters(paramLabel = "TOPIC")
    private String topic = "";

    @ArgGroup(exclusive = true)
    private ReadStart start = new ReadStart();

    @Option(
            names = "--seek",
            description = "Which event --time leads to: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private ReadStart.Seek seek = ReadStart.Seek.at_or_after;

    @Mixin
    private FilterOptions filter = new FilterOptions();

    @Mixin
    private ExpressionOption expression = new ExpressionOption();

    @Option(names = "--backward", description = "Newest first.")
    private boolean backward;

    @Option(names = "--to", paramLabel = "POSITION", description = "Stop after this position.")
    private long to;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = Times.InstantConverter.class,
            description = "Stop before what was recorded at this time.")
    private @Nullable Instant until;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "COUNT",
            description = "At most so many events.")
    private long limit;

    @Option(names = "--max-bytes", paramLabel = "BYTES", description = "At most so many bytes, but at least one event.")
    private long maxBytes;

    @Option(
            names = "--consistency",
            paramLabel = "HOW",
            description = "linearizable: all that was acknowledged before. local: what the node has. Default: "
                    + "linearizable.")
    private String consistency = "linearizable";

    @Option(
            names = "--exact",
            description = "Fail when the position or the cursor to start at is not there, instead of starting nearby.")
    private boolean exact;

    @Option(names = "--at-least", paramLabel = "POSITION", description = "Wait until the node has this position.")
    private long atLeast;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; raw: payloads alone, a line each. Default: ${DEFAULT-VALUE}.")
    private EventWriter.Kind kind = EventWriter.Kind.table;

    @Option(
            names = {"-q", "--quiet"},
            description = "Nothing but data and errors.")
    private boolean quiet;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() throws Exception {
        EventWriter writer = new EventWriter(console(), kind);
        End end = new End();
        try (EventStore store = cluster.open();
                EventStream events = store.open(topic, options(), end)) {
            boolean any = events.hasNext();
            writer.start();
            while (any) {
                writer.write(events.next());
                any = events.hasNext();
            }
        }
        writer.end(backward ? OptionalLong.empty() : end.next, end.head, end.keyVersion);
        boolean asked = console().outIsTerminal() || end.keyVersion.isPresent();
        if (!quiet && kind == EventWriter.Kind.table && asked) {
            console().note(console().styledNote(Console.Style.DIM, end.summary(writer.written())));
        }
        return ExitCode.OK;
    }

    private ReadOptions options() {
        ReadOptions.Builder options = ReadOptions.builder();
        start.applyTo(options, seek);
        filter.applyTo(options);
        expression.applyTo(options);
        if (backward) {
            options.backward();
        }
        if (exact) {
            options.exact();
        }
        if (until != null) {
            options.until(until);
        }
        return options.to(to)
                .limit(limit)
                .maxBytes(maxBytes)
                .consistency(consistency(consistency))
                .atLeast(atLeast)
                .build();
    }

    static Consistency consistency(String text) {
        try {
            return Consistency.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new Failure.Usage("--consistency is linearizable or local, not " + text + ".");
        }
    }

    /** Remembers how the read ended; called on a client thread before the last event is handed over. */
    private static final class End implements ReadListener {
        private volatile OptionalLong next = OptionalLong.empty();
        private volatile OptionalLong head = OptionalLong.empty();
        private volatile OptionalLong keyVersion = OptionalLong.empty();

        @Override
        public void started(long position, long headNow, boolean snapped) {
            head = OptionalLong.of(headNow);
        }

        @Override
        public void keyVersion(long version) {
            keyVersion = OptionalLong.of(version);
        }

        @Override
        public void caughtUp(long headNow, long nextPosition, boolean complete) {
            head = OptionalLong.of(headNow);
            next = OptionalLong.of(nextPosition);
        }

        String summary(long events) {
            String head = this.head.isPresent() ? "; the head is " + this.head.getAsLong() : "";
            String version = keyVersion.isPresent() ? "; the key's version is " + keyVersion.getAsLong() : "";
            return events + (events == 1 ? " event" : " events") + head + version;
        }
    }
}
