package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.EventStore;
import io.eckermann.client.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows how a topic's events lie in time. */
@Command(
        name = "timeline",
        description = "Shows a topic's events by slots of recorded time: positions and how many; slots without any are"
                + " left out.",
        footer = {"", "  eckermann timeline orders --slot 1d --since 30d"})
final class TimelineCommand extends TopicVerb {
    private static final int PAGE_SLOTS = 1_000;

    @Option(
            names = "--slot",
            paramLabel = "DURATION",
            converter = Times.DurationConverter.class,
            description = "How long a slot is: 30s, 15m, 1h, 1d. Default: as the topic's settings say, else 1h.")
    private @Nullable Duration slot;

    @Option(names = "--since", paramLabel = "TIME", description = "Begin then: " + TimeOptions.EXAMPLES + ".")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "End before this.")
    private @Nullable String until;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "COUNT",
            description = "At most so many slots.")
    private long limit = Long.MAX_VALUE;

    @Mixin
    private TimeOptions times = new TimeOptions();

    @Override
    void run(EventStore store) throws Exception {
        List<Timeline.Slot> slots = new ArrayList<>();
        Timeline.Range range = new Timeline.Range(
                slot,
                since == null ? null : times.instant("--since", since),
                until == null ? null : times.instant("--until", until),
                0);
        while (slots.size() < limit) {
            int most = (int) Math.min(PAGE_SLOTS, limit - slots.size());
            Timeline page = answer(store.topics().timeline(topic(), range.limit(most)));
            slots.addAll(page.slots());
            Instant next = page.next().orElse(null);
            if (next == null) {
                break;
            }
            range = range.since(next);
        }
        print(slots);
    }

    private void print(List<Timeline.Slot> slots) {
        if (output().format() != Format.table) {
            Json.print(
                    console(),
                    output().format(),
                    "slots",
                    slots.stream().map(TimelineCommand::json).toList());
            return;
        }
        Table table = new Table("START", "FIRST", "LAST", "COUNT");
        slots.forEach(each -> table.row(Times.shortened(each.start()), each.first(), each.last(), each.count()));
        table.print(console());
    }

    private static ObjectNode json(Timeline.Slot slot) {
        return Json.object()
                .put("start_time", Times.exact(slot.start()))
                .put("start_ns", Long.toString(slot.startNs()))
                .put("first", slot.first())
                .put("last", slot.last())
                .put("count", slot.count());
    }
}
