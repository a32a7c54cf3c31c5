package io.eckermann.client.cli;

import io.eckermann.client.Consistency;
import io.eckermann.client.CursorPosition;
import io.eckermann.client.EventStore;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how far consumers are behind. */
@Command(
        name = "lag",
        description = "Shows how far consumers are behind: in events, bytes, and how long the first of them waits.")
final class LagCommand extends StoreVerb {
    private static final long SECONDS_PER_MINUTE = 60;

    @Parameters(paramLabel = "TOPIC", arity = "0..1", description = "Only this topic's. Default: all.")
    private String topic = "";

    @Option(names = "--consumer", paramLabel = "CONSUMER", description = "Only this consumer's.")
    private String consumer = "";

    @Override
    void run(EventStore store) throws Exception {
        List<CursorPosition> cursors = answer(store.cursors().list(topic, consumer, Consistency.LINEARIZABLE));
        if (output().format() != Format.table) {
            Json.print(
                    console(),
                    output().format(),
                    "cursors",
                    cursors.stream().map(CursorCommand::json).toList());
            return;
        }
        Table table = new Table("CONSUMER", "TOPIC", "POSITION", "HEAD", "EVENTS", "BYTES", "BEHIND");
        cursors.forEach(cursor -> table.row(
                cursor.consumer(),
                cursor.topic(),
                cursor.position(),
                cursor.head(),
                cursor.lag(),
                cursor.lagBytes(),
                text(cursor.lagTime())));
        table.print(console());
    }

    /** In two units at most. */
    private static String text(Duration behind) {
        if (behind.toDays() > 0) {
            return behind.toDays() + "d" + behind.toHoursPart() + "h";
        }
        if (behind.toHours() > 0) {
            return behind.toHours() + "h" + behind.toMinutesPart() + "m";
        }
        return behind.toSeconds() < SECONDS_PER_MINUTE
                ? behind.toSeconds() + "s"
                : behind.toMinutes() + "m" + behind.toSecondsPart() + "s";
    }
}
