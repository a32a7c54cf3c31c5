package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.Consistency;
import io.eckermann.client.CreatedTopic;
import io.eckermann.client.EventStore;
import io.eckermann.client.Topic;
import io.eckermann.client.TopicSettings;
import io.eckermann.client.Validate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs about topics. */
@Command(
        name = "topic",
        description = "Creates, lists, shows, changes, truncates and deletes topics, and deletes single events.",
        synopsisSubcommandLabel = "create|list|show|update|truncate|delete-event|delete",
        subcommands = {
            TopicCommand.Create.class,
            TopicCommand.ListAll.class,
            TopicCommand.Show.class,
            TopicChangeCommands.Update.class,
            TopicChangeCommands.Truncate.class,
            TopicChangeCommands.DeleteEvent.class,
            TopicCommand.Delete.class
        })
final class TopicCommand extends VerbGroup {
    static ObjectNode json(Topic topic) {
        ObjectNode json = Json.object();
        json.put("name", topic.name());
        json.put("id", topic.id());
        json.put("head", topic.head());
        json.put("first", topic.first());
        json.put("shard", topic.shard());
        ObjectNode settings = json.putObject("settings")
                .put("max_event_bytes", topic.settings().maxEventBytes())
                .put("description", topic.settings().description());
        topic.settings().retainAge().ifPresent(age -> settings.put("retain_age", RetainOptions.text(age)));
        if (topic.settings().retainBytes() > 0) {
            settings.put("retain_bytes", topic.settings().retainBytes());
        }
        if (topic.settings().retainEvents() > 0) {
            settings.put("retain_events", topic.settings().retainEvents());
        }
        if (topic.settings().compactKeys()) {
            settings.put("compact_keys", true);
        }
        if (topic.settings().indexEventTime()) {
            settings.put("index_event_time", true);
        }
        if (!topic.settings().timelineSlots().isEmpty()) {
            ArrayNode slots = settings.putArray("timeline_slots");
            topic.settings().timelineSlots().forEach(slot -> slots.add(RetainOptions.text(slot)));
        }
        if (topic.settings().uniqueIds()) {
            settings.put("unique_ids", true);
        }
        if (topic.settings().anonymousRead()) {
            settings.put("anonymous_read", true);
        }
        if (topic.settings().validate() != Validate.OFF) {
            settings.put("validate", ValidateOption.text(topic.settings().validate()));
        }
        json.put("created_time", Times.exact(topic.createdTime()));
        json.put("created_ns", Long.toString(topic.createdNs()));
        topic.lastRecordedTime()
                .ifPresent(time -> json.put("last_recorded_time", Times.exact(time))
                        .put("last_recorded_ns", Long.toString(topic.lastRecordedNs())));
        json.put("size_bytes", topic.sizeBytes());
        return json;
    }

    private static void print(Console console, Format format, List<Topic> topics) {
        if (format != Format.table) {
            Json.print(
                    console,
                    format,
                    "topics",
                    topics.stream().map(TopicCommand::json).toList());
            return;
        }
        Table table = new Table("TOPIC", "HEAD", "BYTES", "LAST RECORDED", "DESCRIPTION");
        for (Topic topic : topics) {
            table.row(
                    topic.name(),
                    topic.head(),
                    topic.sizeBytes(),
                    topic.lastRecordedTime().map(Times::shortened).orElse("-"),
                    topic.settings().description());
        }
        table.print(console);
    }

    /** Creates a topic. */
    @Command(name = "create", description = "Creates a topic; one with the same settings may exist already.")
    static final class Create extends TopicVerb {
        @Option(
                names = "--max-event-bytes",
                paramLabel = "BYTES",
                description = "The largest payload of one event, 1 to 1048576. Default: 1048576.")
        private long maxEventBytes;

        @Option(names = "--description", paramLabel = "TEXT", description = "For people.")
        private String description = "";

        @Option(
                names = "--index-event-time",
                description = "Indexes events by their business time: read --by event_time.")
        private boolean indexEventTime;

        @Option(
                names = "--timeline-slot",
                paramLabel = "DURATION",
                converter = Times.DurationConverter.class,
                description = "Slots of its timeline, up to 8; the first is the usual one.")
        private List<Duration> timelineSlots = List.of();

        @Option(
                names = "--shard",
                paramLabel = "NUMBER",
                description = "The shard that is to keep it, from 0. Default: the one with the fewest names.")
        private @Nullable Integer shard;

        @Mixin
        private RetainOptions retain = new RetainOptions();

        @Mixin
        private ValidateOption validate = new ValidateOption();

        @Override
        void run(EventStore store) throws Exception {
            TopicSettings settings = validate.settings(retain.settings(settings()));
            CreatedTopic answer = answer(
                    shard == null
                            ? store.topics().create(topic(), settings)
                            : store.topics().create(topic(), settings, shard));
            report(
                    json(answer.topic()).put("created", answer.created()),
                    answer.created() ? "created " + topic() : topic() + " exists already");
        }

        private TopicSettings settings() {
            return new TopicSettings(maxEventBytes, description)
                    .withIndexEventTime(indexEventTime)
                    .withTimelineSlots(timelineSlots);
        }
    }

    /** Lists topics. */
    @Command(name = "list", aliases = "ls", description = "Lists topics by name.")
    static final class ListAll extends StoreVerb {
        @Parameters(paramLabel = "PREFIX", arity = "0..1", description = "Only names that start with this.")
        private String prefix = "";

        @Override
        void run(EventStore store) throws Exception {
            print(console(), output().format(), answer(store.topics().list(prefix, Consistency.LINEARIZABLE)));
        }
    }

    /** Shows one topic. */
    @Command(name = "show", description = "Shows a topic.")
    static final class Show extends TopicVerb {
        @Override
        void run(EventStore store) throws Exception {
            Topic found = answer(store.topics().get(topic()));
            if (output().format() == Format.table) {
                details(console(), found);
            } else {
                Json.print(console(), json(found));
            }
        }

        private static void details(Console console, Topic topic) {
            console.line("topic            " + topic.name());
            console.line("head             " + topic.head());
            console.line("first            " + topic.first());
            console.line("bytes            " + topic.sizeBytes());
            console.line("created          " + Times.exact(topic.createdTime()));
            console.line("last recorded    "
                    + topic.lastRecordedTime().map(Instant::toString).orElse("-"));
            console.line("max event bytes  " + topic.settings().maxEventBytes());
            topic.settings().retainAge().ifPresent(age -> console.line("retain age       " + RetainOptions.text(age)));
            if (topic.settings().retainBytes() > 0) {
                console.line("retain bytes     " + topic.settings().retainBytes());
            }
            if (topic.settings().retainEvents() > 0) {
                console.line("retain events    " + topic.settings().retainEvents());
            }
            if (topic.settings().compactKeys()) {
                console.line("compact keys     on");
            }
            if (topic.settings().uniqueIds()) {
                console.line("unique ids       on");
            }
            if (topic.settings().anonymousRead()) {
                console.line("anonymous read   on");
            }
            if (topic.settings().validate() != Validate.OFF) {
                console.line("validate         "
                        + ValidateOption.text(topic.settings().validate()));
            }
            console.line("description      " + topic.settings().description());
            console.flush();
        }
    }

    /** Deletes a topic. */
    @Command(name = "delete", description = "Deletes a topic with its events and cursors, for good.")
    static final class Delete extends TopicVerb {
        @Option(
                names = {"-y", "--yes"},
                description = "Does not ask.")
        private boolean yes;

        @Override
        void run(EventStore store) throws Exception {
            if (!yes) {
                long head = answer(store.topics().get(topic())).head();
                throw new Failure.Usage(
                        "This deletes " + topic() + " with its " + head + " events for good: add --yes to do it.");
            }
            answer(store.topics().delete(topic()));
            report("deleted " + topic());
        }
    }
}
