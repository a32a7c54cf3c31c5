package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.EventStore;
import io.eckermann.client.Group;
import io.eckermann.client.GroupSettings;
import io.eckermann.client.GroupStart;
import io.eckermann.client.Groups;
import io.eckermann.client.Query;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the verbs about one group share. */
abstract class GroupVerb extends TopicVerb {
    @Parameters(index = "1", paramLabel = "GROUP")
    String group = "";

    /** Where a group begins; at most one of these. */
    static final class Start {
        @Option(names = "--position", paramLabel = "POSITION", description = "Begin with this position.")
        private @Nullable Long position;

        @Option(
                names = "--time",
                paramLabel = "TIME",
                converter = Times.InstantConverter.class,
                description = "Begin by recorded time: " + TimeOptions.EXAMPLES + ".")
        private @Nullable Instant time;

        @Option(names = "--latest", description = "Begin with the next event that is appended.")
        private boolean latest;

        GroupStart start() {
            int given = (position == null ? 0 : 1) + (time == null ? 0 : 1) + (latest ? 1 : 0);
            if (given > 1) {
                throw new Failure.Usage("Give one of --position, --time and --latest.");
            }
            if (position != null) {
                return GroupStart.position(position);
            }
            if (time != null) {
                return GroupStart.time(time);
            }
            return latest ? GroupStart.LATEST : GroupStart.FIRST;
        }
    }

    /** What the group is called: where something else is named, the group behind it. */
    String groupName() {
        return group;
    }

    @Override
    final void run(EventStore store) throws Exception {
        run(store.groups());
        console().flush();
    }

    abstract void run(Groups groups) throws Exception;

    /** Says what was done, to people only. */
    final void say(String what) {
        report(sentence(what));
    }

    /** Shows the group as it is now, or says what was done with it. */
    final void show(String what, Group now) {
        report(json(now), sentence(what));
    }

    private String sentence(String what) {
        return what + " " + group + " of " + topic();
    }

    static String text(List<Long> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    static ArrayNode numbers(List<Long> numbers) {
        ArrayNode array = Json.MAPPER.createArrayNode();
        numbers.forEach(array::add);
        return array;
    }

    static void printAll(Console console, Format format, List<Group> groups) {
        if (format != Format.table) {
            Json.print(
                    console,
                    format,
                    "groups",
                    groups.stream().map(GroupVerb::json).toList());
            return;
        }
        Table table = new Table(
                "TOPIC", "GROUP", "ORDERED", "FLOOR", "HEAD", "BEHIND", "LEASED", "WAITING", "PARKED", "OLDEST");
        groups.forEach(group -> table.row(
                group.topic(),
                group.paused() ? group.name() + " (paused)" : group.name(),
                group.settings().byKey() ? "key" : "none",
                group.floor(),
                group.head(),
                group.behind(),
                group.inFlight(),
                group.waiting(),
                group.parked(),
                group.oldestUnackedAge().isZero() ? "-" : LagCommand.text(group.oldestUnackedAge())));
        table.print(console);
    }

    private static ObjectNode json(Query.Terms item) {
        ObjectNode json = Json.object();
        if (!item.types().isEmpty()) {
            item.types().forEach(json.putArray("types")::add);
        }
        if (!item.tags().isEmpty()) {
            item.tags().forEach(json.putArray("tags")::add);
        }
        return json;
    }

    static ObjectNode json(Group group) {
        GroupSettings settings = group.settings();
        ObjectNode json = Json.object()
                .put("name", group.name())
                .put("topic", group.topic())
                .put("id", group.id());
        json.putObject("settings")
                .put("ordered", settings.byKey() ? "key" : "none")
                .put("exclusive", settings.exclusive())
                .put("visibility", RetainOptions.text(settings.visibility()))
                .put("max_attempts", settings.attemptsMax())
                .put("max_in_flight", settings.inFlightMax())
                .put("window", settings.window())
                .put("parked_key", settings.parkedHoldsKey() ? "holds" : "passes");
        if (!settings.query().items().isEmpty()) {
            ArrayNode items = json.withObject("/settings").putObject("query").putArray("items");
            settings.query().items().forEach(item -> items.add(json(item)));
        }
        json.put("floor", group.floor())
                .put("next", group.next())
                .put("head", group.head())
                .put("paused", group.paused())
                .put("behind", group.behind())
                .put("behind_bytes", group.behindBytes())
                .put("in_flight", group.inFlight())
                .put("waiting", group.waiting())
                .put("parked", group.parked())
                .put("oldest_unacked_age_ms", group.oldestUnackedAge().toMillis());
        group.owner().ifPresent(owner -> json.put("owner", owner));
        return json;
    }
}
