package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.CommitOptions;
import io.eckermann.client.Consistency;
import io.eckermann.client.CursorPosition;
import io.eckermann.client.EventStore;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs about cursors. */
@Command(
        name = "cursor",
        description = "Shows, sets, resets, lists and deletes consumers' positions in topics.",
        synopsisSubcommandLabel = "get|set|reset|list|delete",
        subcommands = {
            CursorCommand.Get.class,
            CursorCommand.Set.class,
            CursorResetCommand.class,
            CursorCommand.ListAll.class,
            CursorCommand.Delete.class
        })
final class CursorCommand extends VerbGroup {
    static ObjectNode json(CursorPosition cursor) {
        return Json.object()
                .put("consumer", cursor.consumer())
                .put("topic", cursor.topic())
                .put("position", cursor.position())
                .put("head", cursor.head())
                .put("next", cursor.next())
                .put("snapped", cursor.snapped())
                .put("lag", cursor.lag())
                .put("lag_bytes", cursor.lagBytes())
                .put("lag_seconds", cursor.lagTime().toSeconds())
                .put("committed_time", Times.exact(cursor.committedTime()))
                .put("committed_ns", Long.toString(cursor.committedNs()));
    }

    private static void printAll(Console console, Format format, List<CursorPosition> cursors) {
        if (format != Format.table) {
            Json.print(
                    console,
                    format,
                    "cursors",
                    cursors.stream().map(CursorCommand::json).toList());
            return;
        }
        Table table = new Table("CONSUMER", "TOPIC", "POSITION", "HEAD", "LAG", "COMMITTED");
        cursors.forEach(cursor -> table.row(
                cursor.consumer(),
                cursor.topic(),
                cursor.position(),
                cursor.head(),
                cursor.lag(),
                Times.shortened(cursor.committedTime())));
        table.print(console);
    }

    static void printOne(Console console, Format format, CursorPosition cursor) {
        if (format == Format.table) {
            printAll(console, format, List.of(cursor));
        } else {
            Json.print(console, json(cursor));
        }
    }

    /** A verb about one cursor. */
    private abstract static class CursorVerb extends StoreVerb {
        @Parameters(index = "0", paramLabel = "CONSUMER")
        private String consumer = "";

        @Parameters(index = "1", paramLabel = "TOPIC")
        private String topic = "";

        final String consumer() {
            return consumer;
        }

        final String topic() {
            return topic;
        }
    }

    /** Shows one cursor. */
    @Command(name = "get", description = "Shows where a consumer is in a topic.")
    static final class Get extends CursorVerb {
        @Override
        void run(EventStore store) throws Exception {
            printOne(console(), output().format(), answer(store.cursors().get(consumer(), topic())));
        }
    }

    /** Commits a position. */
    @Command(name = "set", description = "Commits a position: the last event the consumer is done with.")
    static final class Set extends CursorVerb {
        @Parameters(index = "2", paramLabel = "POSITION")
        private long position;

        @Option(
                names = "--expected",
                paramLabel = "POSITION",
                description = "Only when the cursor is there now; 0: when there is none.")
        private @Nullable Long expected;

        @Option(names = "--rewind", description = "The cursor may go back.")
        private boolean rewind;

        @Option(names = "--nearest", description = "Beyond the head means the head, in place of an error.")
        private boolean nearest;

        @Override
        void run(EventStore store) throws Exception {
            CommitOptions options = CommitOptions.DEFAULTS;
            if (expected != null) {
                options = options.withExpected(expected);
            }
            if (rewind) {
                options = options.withRewind();
            }
            if (nearest) {
                options = options.withNearest();
            }
            CursorPosition now = answer(store.cursors().commit(consumer(), topic(), position, options));
            if (!output().quiet() || output().format() != Format.table) {
                printOne(console(), output().format(), now);
            }
        }
    }

    /** Lists cursors. */
    @Command(name = "list", aliases = "ls", description = "Lists cursors with how far they are behind.")
    static final class ListAll extends StoreVerb {
        @Option(names = "--topic", paramLabel = "TOPIC", description = "Only this topic's.")
        private String topic = "";

        @Option(names = "--consumer", paramLabel = "CONSUMER", description = "Only this consumer's.")
        private String consumer = "";

        @Override
        void run(EventStore store) throws Exception {
            printAll(
                    console(),
                    output().format(),
                    answer(store.cursors().list(topic, consumer, Consistency.LINEARIZABLE)));
        }
    }

    /** Deletes a cursor. */
    @Command(name = "delete", description = "Deletes a cursor: the consumer starts anew.")
    static final class Delete extends CursorVerb {
        @Override
        void run(EventStore store) throws Exception {
            answer(store.cursors().delete(consumer(), topic()));
            report("deleted the cursor of " + consumer() + " in " + topic());
        }
    }
}
