package io.eckermann.client.cli;

import io.eckermann.client.Consistency;
import io.eckermann.client.EckermannException;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.ReadListener;
import io.eckermann.client.ReadOptions;
import io.eckermann.client.RecordedEvent;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads on live until it is interrupted. */
@Command(
        name = "tail",
        description = "Shows a topic's last events and goes on with what comes, until Ctrl-C.",
        footer = {
            "",
            "  eckermann tail orders",
            "  eckermann tail orders --type Paid --tag customer:7",
            "  eckermann tail orders --consumer billing -o ndjson | ./bill    resumes where it was stopped"
        })
final class TailCommand extends Verb {
    private static final long LAST = 10;
    private static final int FLUSH_EVERY = 64;
    private static final Duration PATIENCE = Duration.ofMillis(500);

    @Parameters(paramLabel = "TOPIC")
    private String topic = "";

    @ArgGroup(exclusive = true)
    private ReadStart start = new ReadStart();

    @Mixin
    private TimeOptions times = new TimeOptions();

    @Mixin
    private FilterOptions filter = new FilterOptions();

    @Mixin
    private ExpressionOption expression = new ExpressionOption();

    @Option(
            names = "--consumer",
            paramLabel = "NAME",
            description = "Starts after this consumer's cursor, and commits it as events are written.")
    private String consumer = "";

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "COUNT",
            description = "End after so many events.")
    private long limit;

    @Mixin
    private EventOutputOptions output = new EventOutputOptions();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() throws Exception {
        if (output.kind() == EventWriter.Kind.json) {
            throw new Failure.Usage("A live read has no end, so it is no JSON document: use -o ndjson.");
        }
        EventWriter writer = new EventWriter(console(), output.kind());
        try (EventStore store = cluster.open();
                CursorCommitter cursor = new CursorCommitter(store, consumer, topic);
                EventStream events = store.open(topic, options(store), new Reports())) {
            if (!output.quiet() && console().outIsTerminal()) {
                writer.start();
                console().flush();
            }
            follow(events, writer, cursor);
        }
        return ExitCode.OK;
    }

    private void follow(EventStream events, EventWriter writer, CursorCommitter cursor) {
        long last = 0;
        while (!events.ended() && (limit == 0 || writer.written() < limit)) {
            Optional<RecordedEvent> next = events.poll(Duration.ZERO);
            if (next.isEmpty()) {
                // Nothing waits: now is the time to show what was written, and to commit it.
                handOver(cursor, last);
                cursor.commit();
                next = events.poll(PATIENCE);
            }
            if (next.isPresent()) {
                writer.write(next.get());
                last = next.get().position();
                if (writer.written() % FLUSH_EVERY == 0) {
                    handOver(cursor, last);
                }
            }
        }
        handOver(cursor, last);
    }

    /** Only what the reader of stdout has taken is done with. */
    private void handOver(CursorCommitter cursor, long last) {
        console().flush();
        cursor.done(last);
    }

    private ReadOptions options(EventStore store) throws Exception {
        ReadOptions.Builder options = ReadOptions.builder();
        Optional<Long> last = start.last();
        start.applyTo(options, ReadStart.Seek.at_or_after, times);
        filter.applyTo(options);
        expression.applyTo(options);
        if (!consumer.isEmpty()) {
            options.cursor(consumer);
        } else if (last.filter(count -> count == 0).isPresent()) {
            options.after(
                    answer(store.topics().head(topic, Consistency.LINEARIZABLE)).head());
        } else if (start.isDefault()) {
            options.last(LAST);
        }
        return options.follow().build();
    }

    /** Tells people on a terminal what happens beside the events. */
    private final class Reports implements ReadListener {
        @Override
        public void slow(Duration stalled, long behind) {
            note("eckermann: nothing was taken for " + stalled.toSeconds() + " s, " + behind + " events behind");
        }

        @Override
        public void reconnecting(EckermannException cause) {
            note("eckermann: the connection was lost, going on elsewhere");
        }

        private void note(String text) {
            if (!output.quiet()) {
                console().note(console().styledNote(Console.Style.DIM, text));
            }
        }
    }
}
