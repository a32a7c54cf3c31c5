package io.eckermann.client.cli;

import io.eckermann.client.EventStore;
import io.eckermann.client.Topic;
import io.eckermann.client.TopicChanges;
import io.eckermann.client.TopicHead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs that change a topic, or take events out of it. */
final class TopicChangeCommands {
    private TopicChangeCommands() {}

    /** Changes settings. */
    @Command(name = "update", description = "Changes settings of a topic; what is not named stays as it is.")
    static final class Update extends TopicVerb {
        @Option(names = "--description", paramLabel = "TEXT", description = "For people.")
        private @Nullable String description;

        @Option(
                names = "--timeline-slot",
                paramLabel = "DURATION",
                converter = RetainOptions.AgeConverter.class,
                description = "Slots of its timeline in place of those there were, up to 8; none: no own ones.")
        private List<Duration> timelineSlots = new ArrayList<>();

        @Mixin
        private RetainOptions retain = new RetainOptions();

        @Mixin
        private ValidateOption validate = new ValidateOption();

        @Override
        void run(EventStore store) throws Exception {
            TopicChanges changes = validate.changes(retain.changes(
                    description == null ? TopicChanges.NONE : TopicChanges.NONE.description(description)));
            if (!timelineSlots.isEmpty()) {
                changes = changes.timelineSlots(
                        timelineSlots.stream().filter(slot -> !slot.isZero()).toList());
            }
            if (changes == TopicChanges.NONE) {
                throw new Failure.Usage("Say what to change, e.g. --retain-age 7d.");
            }
            Topic changed = answer(store.topics().update(topic(), changes));
            report(TopicCommand.json(changed), "changed " + topic());
        }
    }

    /** Removes the oldest events. */
    @Command(
            name = "truncate",
            description = "Removes the oldest events of a topic, for good. Positions stay as they are.")
    static final class Truncate extends TopicVerb {
        @Mixin
        private TimeOptions times = new TimeOptions();

        @ArgGroup(multiplicity = "1")
        private Before before = new Before();

        /** What goes. */
        static final class Before {
            @Option(
                    names = "--before",
                    paramLabel = "POSITION",
                    description = "Events before this position go; it may be one behind the last.")
            private @Nullable Long position;

            @Option(
                    names = "--before-time",
                    paramLabel = "TIME",
                    description = "Events recorded before this go: " + TimeOptions.EXAMPLES + ".")
            private @Nullable String time;
        }

        @Override
        void run(EventStore store) throws Exception {
            Long position = before.position;
            String time = before.time;
            TopicHead bounds = answer(
                    position != null || time == null
                            ? store.topics().truncate(topic(), position == null ? 0 : position)
                            : store.topics().truncateBefore(topic(), times.instant("--before-time", time)));
            String where = bounds.first() > bounds.head() ? " is empty and goes on at " : " begins at ";
            report(
                    Json.object()
                            .put("topic", topic())
                            .put("first", bounds.first())
                            .put("head", bounds.head()),
                    topic() + where + bounds.first());
        }
    }

    /** Deletes one event. */
    @Command(
            name = "delete-event",
            description =
                    "Deletes what one event says, for good. Its position stays, and readers see that it is deleted.")
    static final class DeleteEvent extends TopicVerb {
        @Parameters(index = "1", paramLabel = "POSITION")
        private long position;

        @Option(
                names = {"-y", "--yes"},
                description = "Does not ask.")
        private boolean yes;

        @Override
        void run(EventStore store) throws Exception {
            if (!yes) {
                throw new Failure.Usage(
                        "This deletes event " + position + " of " + topic() + " for good: add --yes to do it.");
            }
            boolean deleted = answer(store.topics().deleteEvent(topic(), position));
            report(
                    Json.object()
                            .put("topic", topic())
                            .put("position", position)
                            .put("deleted", deleted),
                    (deleted ? "deleted " : "was deleted before: ") + topic() + " " + position);
        }
    }
}
