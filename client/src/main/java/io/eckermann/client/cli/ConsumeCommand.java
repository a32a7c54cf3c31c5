package io.eckermann.client.cli;

import io.eckermann.client.ConsumeListener;
import io.eckermann.client.EckermannException;
import io.eckermann.client.EventStore;
import io.eckermann.client.RecordedEvent;
import io.eckermann.client.Subscription;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Consumes one event at a time until it is interrupted. */
@Command(
        name = "consume",
        description = {
            "Writes a topic's events one by one, each committed once it was written, and goes on with what comes.",
            "Several with one consumer name share the cursor: each event is committed by one of them."
        },
        footer = {
            "",
            "  eckermann consume orders --consumer billing -o ndjson | ./bill",
            "  eckermann consume orders --consumer billing --no-wait    ends when there is nothing more"
        })
final class ConsumeCommand extends Verb {
    @Parameters(paramLabel = "TOPIC")
    private String topic = "";

    @Option(names = "--consumer", paramLabel = "NAME", required = true, description = "Whose cursor it commits.")
    private String consumer = "";

    @Option(
            names = "--from",
            paramLabel = "POSITION",
            description = "Begin with this position wherever the cursor is; the first commit takes it there.")
    private long from;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "COUNT",
            description = "End once so many events were committed.")
    private long limit;

    @Option(
            names = {"-w", "--no-wait"},
            description = "End when there is nothing more.")
    private boolean noWait;

    @Mixin
    private EventOutputOptions output = new EventOutputOptions();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() throws Exception {
        if (output.kind() == EventWriter.Kind.json) {
            throw new Failure.Usage("What is consumed has no end, so it is no JSON document: use -o ndjson.");
        }
        Lines lines = new Lines(new EventWriter(console(), output.kind()));
        try (EventStore store = cluster.open()) {
            Subscription subscription = store.consume(topic, consumer, from, lines);
            CompletableFuture<Void> unused = lines.enough.thenRun(subscription::close);
            subscription.done().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return ExitCode.OK;
    }

    /** Called by one thread at a time. */
    private final class Lines implements ConsumeListener {
        private final EventWriter writer;
        final CompletableFuture<Void> enough = new CompletableFuture<>();
        private long committed;

        Lines(EventWriter writer) {
            this.writer = writer;
        }

        @Override
        public void event(RecordedEvent event) {
            writer.write(event);
            // Only what the reader of stdout has taken is done with.
            console().flush();
        }

        @Override
        public void committed(long position) {
            committed++;
            if (limit > 0 && committed >= limit) {
                enough.complete(null);
            }
        }

        @Override
        public void taken(long position) {
            note("another instance committed this one; going on behind position " + position);
        }

        @Override
        public void notCommitted(long position, EckermannException why) {
            note("position " + position + " is not committed yet (" + why.code() + "), the next one covers it");
        }

        @Override
        public void caughtUp(long head) {
            if (noWait) {
                enough.complete(null);
            }
        }

        @Override
        public void reconnecting(EckermannException cause) {
            note("the connection was lost, going on elsewhere");
        }

        private void note(String text) {
            if (!output.quiet()) {
                console().note(console().styledNote(Console.Style.DIM, "eckermann: " + text));
            }
        }
    }
}
