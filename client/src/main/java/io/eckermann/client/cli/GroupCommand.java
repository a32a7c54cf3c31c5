package io.eckermann.client.cli;

import io.eckermann.client.EventStore;
import io.eckermann.client.GroupChanges;
import io.eckermann.client.GroupSettings;
import io.eckermann.client.Groups;
import io.eckermann.client.Query;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The verbs about groups. */
@Command(
        name = "group",
        description =
                "Makes, shows and steers groups: shared cursors whose members lease events, and ack or nack them.",
        synopsisSubcommandLabel =
                "create|list|show|update|lease|ack|nack|park|extend|parked|replay|drop|seek|pause|resume|delete",
        subcommands = {
            GroupCommand.Create.class,
            GroupCommand.ListAll.class,
            GroupCommand.Show.class,
            GroupCommand.Update.class,
            LeaseCommands.Take.class,
            LeaseCommands.Ack.class,
            LeaseCommands.Nack.class,
            LeaseCommands.Park.class,
            LeaseCommands.Extend.class,
            ParkedCommands.ListParked.class,
            ParkedCommands.Replay.class,
            ParkedCommands.Drop.class,
            GroupCommand.Seek.class,
            GroupCommand.Pause.class,
            GroupCommand.Resume.class,
            GroupCommand.Delete.class
        })
final class GroupCommand extends VerbGroup {
    /** Bounds of a group. */
    static final class Bounds {
        @Option(
                names = "--visibility",
                paramLabel = "TIME",
                converter = Times.DurationConverter.class,
                description = "How long a lease lasts, e.g. 30s, the default.")
        private @Nullable Duration visibility;

        @Option(
                names = "--max-attempts",
                paramLabel = "COUNT",
                description = "How often an event is leased before it is parked. Default: 10.")
        private @Nullable Integer attempts;

        @Option(
                names = "--max-in-flight",
                paramLabel = "COUNT",
                description = "How many events may be leased at a time. Default: 10000.")
        private @Nullable Integer inFlight;

        @Option(
                names = "--window",
                paramLabel = "COUNT",
                description =
                        "How far the group may be ahead of its oldest event that is not settled. Default: 100000.")
        private @Nullable Long window;

        GroupSettings settings(GroupSettings without) {
            GroupSettings settings = visibility == null ? without : without.withVisibility(visibility);
            settings = attempts == null ? settings : settings.withAttemptsMax(attempts);
            settings = inFlight == null ? settings : settings.withInFlightMax(inFlight);
            return window == null ? settings : settings.withWindow(window);
        }

        GroupChanges changes() {
            GroupChanges changes = visibility == null ? GroupChanges.NONE : GroupChanges.NONE.visibility(visibility);
            changes = attempts == null ? changes : changes.attemptsMax(attempts);
            changes = inFlight == null ? changes : changes.inFlightMax(inFlight);
            return window == null ? changes : changes.window(window);
        }
    }

    /** Makes a group. */
    @Command(name = "create", description = "Makes a group, or finds it with the same settings.")
    static final class Create extends GroupVerb {
        @Option(names = "--by-key", description = "Events of one key are leased in their order.")
        private boolean byKey;

        @Option(names = "--exclusive", description = "Only one member leases at a time.")
        private boolean exclusive;

        @Option(names = "--parked-key-passes", description = "A key's events go on when one of them is parked.")
        private boolean passes;

        @Mixin
        private QueryOptions query = new QueryOptions();

        @Mixin
        private Bounds bounds = new Bounds();

        @Mixin
        private Start start = new Start();

        @Override
        void run(Groups groups) throws Exception {
            GroupSettings settings = bounds.settings(GroupSettings.DEFAULTS);
            settings = byKey ? settings.withOrderByKey() : settings;
            settings = exclusive ? settings.withExclusive() : settings;
            settings = passes ? settings.withParkedPassingKey() : settings;
            settings = settings.withQuery(query.query().orElse(Query.ALL));
            show("made", answer(groups.create(topic(), group, settings, start.start())));
        }
    }

    /** Lists groups. */
    @Command(name = "list", aliases = "ls", description = "Lists groups with how far they are behind.")
    static final class ListAll extends StoreVerb {
        @Option(names = "--topic", paramLabel = "TOPIC", description = "Only this topic's.")
        private String topic = "";

        @Override
        void run(EventStore store) throws Exception {
            GroupVerb.printAll(
                    console(), output().format(), answer(store.groups().list(topic)));
        }
    }

    /** Shows one group. */
    @Command(name = "show", description = "Shows a group with how far it is behind.")
    static final class Show extends GroupVerb {
        @Override
        void run(Groups groups) throws Exception {
            var found = answer(groups.get(topic(), group));
            if (output().format() == Format.table) {
                printAll(console(), output().format(), List.of(found));
            } else {
                Json.print(console(), json(found));
            }
        }
    }

    /** Changes bounds. */
    @Command(name = "update", description = "Changes bounds of a group; what is not named stays as it is.")
    static final class Update extends GroupVerb {
        @Mixin
        private Bounds bounds = new Bounds();

        @Override
        void run(Groups groups) throws Exception {
            GroupChanges changes = bounds.changes();
            if (changes == GroupChanges.NONE) {
                throw new Failure.Usage("Say what to change, e.g. --max-attempts 5.");
            }
            show("changed", answer(groups.update(topic(), group, changes)));
        }
    }

    /** Moves a group. */
    @Command(
            name = "seek",
            description = "Moves a group; all leases are lost. Without a place: to the topic's first event.")
    static final class Seek extends GroupVerb {
        @Mixin
        private Start start = new Start();

        @Option(names = "--drop-parked", description = "Also forget its parked events.")
        private boolean dropParked;

        @Override
        void run(Groups groups) throws Exception {
            show("moved", answer(groups.seek(topic(), group, start.start(), dropParked)));
        }
    }

    /** Pauses a group. */
    @Command(name = "pause", description = "From now on nothing is leased.")
    static final class Pause extends GroupVerb {
        @Override
        void run(Groups groups) throws Exception {
            show("paused", answer(groups.pause(topic(), group)));
        }
    }

    /** Ends a pause. */
    @Command(name = "resume", description = "Ends a pause.")
    static final class Resume extends GroupVerb {
        @Override
        void run(Groups groups) throws Exception {
            show("resumed", answer(groups.resume(topic(), group)));
        }
    }

    /** Deletes a group. */
    @Command(name = "delete", description = "Deletes a group with all that it knows; the topic's events stay.")
    static final class Delete extends GroupVerb {
        @Override
        void run(Groups groups) throws Exception {
            answer(groups.delete(topic(), group));
            say("deleted");
        }
    }
}
