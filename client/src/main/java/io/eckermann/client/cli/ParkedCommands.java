package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.Groups;
import io.eckermann.client.ParkedChange;
import io.eckermann.client.ParkedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs about what a group has set aside. */
final class ParkedCommands {
    private ParkedCommands() {}

    /** Lists parked events. */
    @Command(name = "parked", description = "Lists events that the group has set aside, and why.")
    static class ListParked extends GroupVerb {
        @Option(names = "--from", paramLabel = "POSITION", description = "Only from this position on.")
        private long from;

        @Option(names = "--limit", paramLabel = "COUNT", description = "At most so many. Default: ${DEFAULT-VALUE}.")
        private int limit = 100;

        @Override
        void run(Groups groups) throws Exception {
            List<ParkedEvent> parked = answer(groups.parked(topic(), groupName(), from, limit));
            if (output().format() != Format.table) {
                Json.print(
                        console(),
                        output().format(),
                        "parked",
                        parked.stream().map(ListParked::json).toList());
                return;
            }
            Table table = new Table("POSITION", "KEY", "ATTEMPTS", "PARKED", "REASON");
            parked.forEach(event -> table.row(
                    event.position(),
                    event.key(),
                    event.attempts(),
                    Times.shortened(event.parkedTime()),
                    event.reason()));
            table.print(console());
        }

        private static ObjectNode json(ParkedEvent event) {
            ObjectNode json = Json.object()
                    .put("position", event.position())
                    .put("attempts", event.attempts())
                    .put("reason", event.reason())
                    .put("parked_time", Times.exact(event.parkedTime()));
            if (!event.key().isEmpty()) {
                json.put("key", event.key());
            }
            event.recorded().ifPresent(recorded -> json.set("event", EventJson.write(recorded)));
            return json;
        }
    }

    private abstract static class Change extends GroupVerb {
        @Parameters(index = "2..*", paramLabel = "POSITION", description = "Only these; none: all.")
        private List<Long> positions = new ArrayList<>();

        private final String done;

        /** @param done what it did, in a word */
        Change(String done) {
            this.done = done;
        }

        abstract CompletableFuture<ParkedChange> change(Groups groups, List<Long> meant);

        @Override
        final void run(Groups groups) throws Exception {
            ParkedChange change = answer(change(groups, positions));
            if (output().format() != Format.table) {
                ObjectNode json = Json.object().put("changed", change.changed());
                json.set("held", numbers(change.held()));
                json.set("missing", numbers(change.missing()));
                Json.print(console(), json);
            } else if (!output().quiet()) {
                console()
                        .line(done + " " + change.changed()
                                + (change.held().isEmpty()
                                        ? ""
                                        : ", behind a parked one of their key: " + text(change.held()))
                                + (change.missing().isEmpty() ? "" : ", not parked: " + text(change.missing())));
            }
        }
    }

    /** Replays. */
    @Command(name = "replay", description = "Has parked events leased again, their attempts counted from 0.")
    static class Replay extends Change {
        Replay() {
            super("replayed");
        }

        @Override
        CompletableFuture<ParkedChange> change(Groups groups, List<Long> meant) {
            return groups.replayParked(topic(), groupName(), meant);
        }
    }

    /** Drops. */
    @Command(name = "drop", description = "Forgets parked events; the topic keeps them.")
    static class Drop extends Change {
        Drop() {
            super("dropped");
        }

        @Override
        CompletableFuture<ParkedChange> change(Groups groups, List<Long> meant) {
            return groups.dropParked(topic(), groupName(), meant);
        }
    }
}
