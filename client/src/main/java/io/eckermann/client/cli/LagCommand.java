package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.Consistency;
import io.eckermann.client.CursorPosition;
import io.eckermann.client.EventStore;
import io.eckermann.client.Group;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how far consumers are behind. */
@Command(
        name = "lag",
        description =
                "Shows how far consumers and groups are behind: in events, bytes, and how long the first of them waits.")
final class LagCommand extends StoreVerb {
    private static final long SECONDS_PER_MINUTE = 60;

    @Parameters(paramLabel = "TOPIC", arity = "0..1", description = "Only this topic's. Default: all.")
    private String topic = "";

    @Option(names = "--consumer", paramLabel = "CONSUMER", description = "Only this consumer's, or this group's.")
    private String consumer = "";

    @Override
    void run(EventStore store) throws Exception {
        List<CursorPosition> cursors = answer(store.cursors().list(topic, consumer, Consistency.LINEARIZABLE));
        List<Group> groups = answer(store.groups().list(topic)).stream()
                .filter(group -> consumer.isEmpty() || consumer.equals(group.name()))
                .toList();
        if (output().format() == Format.ndjson) {
            cursors.forEach(cursor -> console().line(Json.text(CursorCommand.json(cursor))));
            groups.forEach(group -> console().line(Json.text(GroupVerb.json(group))));
        } else if (output().format() == Format.json) {
            ObjectNode document = Json.object();
            document.putArray("cursors")
                    .addAll(cursors.stream().map(CursorCommand::json).toList());
            document.putArray("groups")
                    .addAll(groups.stream().map(GroupVerb::json).toList());
            console().line(Json.text(document));
        } else {
            print(cursors, groups);
        }
        console().flush();
    }

    private void print(List<CursorPosition> cursors, List<Group> groups) {
        Table table = new Table("CONSUMER", "KIND", "TOPIC", "POSITION", "HEAD", "EVENTS", "BYTES", "BEHIND");
        cursors.forEach(cursor -> table.row(
                cursor.consumer(),
                "cursor",
                cursor.topic(),
                cursor.position(),
                cursor.head(),
                cursor.lag(),
                cursor.lagBytes(),
                text(cursor.lagTime())));
        groups.forEach(group -> table.row(
                group.name(),
                "group",
                group.topic(),
                group.floor(),
                group.head(),
                group.behind(),
                group.behindBytes(),
                text(group.oldestUnackedAge())));
        table.print(console());
    }

    /** In two units at most. */
    static String text(Duration behind) {
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
