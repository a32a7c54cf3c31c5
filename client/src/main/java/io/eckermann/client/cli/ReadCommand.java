package io.eckermann.client.cli;

import io.eckermann.client.Consistency;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.EventTimePage;
import io.eckermann.client.EventTimeRead;
import io.eckermann.client.ReadListener;
import io.eckermann.client.ReadOptions;
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
            "  eckermann read orders --since yesterday --until today -o ndjson",
            "  eckermann read orders --key order-17               also tells the key's version"
        })
final class ReadCommand extends Verb {
    private static final long PAGE_EVENTS = 1_000;

    @Parameters(paramLabel = "TOPIC")
    private String topic = "";

    @ArgGroup(exclusive = true)
    private ReadStart start = new ReadStart();

    @Option(
            names = "--seek",
            description = "Which event --time leads to: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private ReadStart.Seek seek = ReadStart.Seek.at_or_after;

    @Option(
            names = "--by",
            description = "position; or event_time, in the order of business times, where the topic indexes them:"
                    + " --since, --until and --time are then business times. Default: ${DEFAULT-VALUE}.")
    private By by = By.position;

    @Mixin
    private TimeOptions times = new TimeOptions();

    @Mixin
    private FilterOptions filter = new FilterOptions();

    @Mixin
    private ExpressionOption expression = new ExpressionOption();

    @Option(names = "--backward", description = "Newest first.")
    private boolean backward;

    @Option(names = "--to", paramLabel = "POSITION", description = "Stop after this position.")
    private long to;

    @Option(names = "--since", paramLabel = "TIME", description = "Only what was recorded at this time or later.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only what was recorded before this time.")
    private @Nullable String until;

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

    @Mixin
    private EventOutputOptions output = new EventOutputOptions();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    /** In which order; names as on the command line. */
    enum By {
        position,
        event_time
    }

    @Override
    public Integer call() throws Exception {
        if (by == By.event_time) {
            return callByEventTime();
        }
        EventWriter writer = new EventWriter(console(), output.kind());
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
        if (!output.quiet() && output.kind() == EventWriter.Kind.table && asked) {
            console().note(console().styledNote(Console.Style.DIM, end.summary(writer.written())));
        }
        return ExitCode.OK;
    }

    private Integer callByEventTime() throws Exception {
        if (to != 0 || maxBytes != 0 || exact || atLeast != 0 || !start.isTimeOrDefault()) {
            throw new Failure.Usage("With --by event_time there are --since, --until, --time, --seek, --backward,"
                    + " --limit, --consistency, and what says which events are wanted.");
        }
        EventTimeRead read = start.applyTo(EventTimeRead.ALL, seek, times).consistency(consistency(consistency));
        read = expression.applyTo(filter.applyTo(read));
        if (since != null) {
            read = read.since(times.instant("--since", since));
        }
        if (until != null) {
            read = read.until(times.instant("--until", until));
        }
        EventWriter writer = new EventWriter(console(), output.kind());
        try (EventStore store = cluster.open()) {
            EventTimeRead next = backward ? read.backward() : read;
            boolean more = true;
            long head = 0;
            for (boolean first = true; more; first = false) {
                long wanted = limit == 0 ? PAGE_EVENTS : Math.min(PAGE_EVENTS, limit - writer.written());
                EventTimePage page = answer(store.readByEventTime(topic, next.limit((int) wanted)));
                if (first) {
                    writer.start();
                }
                page.events().forEach(writer::write);
                head = page.head();
                more = page.next().isPresent() && (limit == 0 || writer.written() < limit);
                next = more ? next.from(page.next().get()) : next;
            }
            writer.end(OptionalLong.empty(), OptionalLong.of(head), OptionalLong.empty());
        }
        return ExitCode.OK;
    }

    private ReadOptions options() {
        ReadOptions.Builder options = ReadOptions.builder();
        start.applyTo(options, seek, times);
        filter.applyTo(options);
        expression.applyTo(options);
        if (backward) {
            options.backward();
        }
        if (exact) {
            options.exact();
        }
        if (since != null) {
            options.since(times.instant("--since", since));
        }
        if (until != null) {
            options.until(times.instant("--until", until));
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
