package io.eckermann.client;

import io.eckermann.protocol.v1.TimelineRequest;
import io.eckermann.protocol.v1.TimelineResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page of a topic's timeline: its events by slots of recorded time.
 *
 * @param slot how long a slot is; slots begin at multiples of it since 1970-01-01T00:00:00Z
 * @param slots those with events, rising
 * @param next since when the next page is; empty when this is the last
 * @param first position of the topic's first event that is kept
 * @param head position of its last event
 */
public record Timeline(Duration slot, List<Slot> slots, Optional<Instant> next, long first, long head) {
    /**
     * One slot.
     *
     * @param startNs when it begins, in nanoseconds since 1970-01-01T00:00:00Z
     * @param first position of its first event that is kept
     * @param last position of its last event
     * @param count how many events it has; deleted ones count, truncated ones do not
     */
    public record Slot(long startNs, long first, long last, long count) {
        public Instant start() {
            return Nanos.instant(startNs);
        }
    }

    /**
     * Which part of a timeline. Immutable.
     *
     * @param slot how long a slot is, a second at least; null: as the topic's settings say, else an hour
     * @param since only events recorded then or later; null: all
     * @param until only events recorded before; null: all
     * @param limit at most so many slots, up to 1,000; 0: 1,000
     */
    public record Range(
            @Nullable Duration slot,
            @Nullable Instant since,
            @Nullable Instant until,
            int limit) {
        /** All, in the topic's usual slots. */
        public static final Range ALL = new Range(null, null, null, 0);

        public Range slot(Duration length) {
            return new Range(length, since, until, limit);
        }

        public Range since(Instant recorded) {
            return new Range(slot, recorded, until, limit);
        }

        public Range until(Instant recorded) {
            return new Range(slot, since, recorded, limit);
        }

        public Range limit(int slots) {
            return new Range(slot, since, until, slots);
        }

        TimelineRequest wire(String topic) {
            return TimelineRequest.newBuilder()
                    .setTopic(topic)
                    .setSlotNs(slot == null ? 0 : slot.toNanos())
                    .setSinceNs(since == null ? 0 : Nanos.of(since))
                    .setUntilNs(until == null ? 0 : Nanos.of(until))
                    .setLimit(limit)
                    .build();
        }
    }

    static Timeline of(TimelineResponse page) {
        return new Timeline(
                Duration.ofNanos(page.getSlotNs()),
                page.getSlotsList().stream()
                        .map(slot -> new Slot(slot.getStartNs(), slot.getFirst(), slot.getLast(), slot.getCount()))
                        .toList(),
                page.getNextNs() == 0 ? Optional.empty() : Optional.of(Nanos.instant(page.getNextNs())),
                page.getFirst(),
                page.getHead());
    }
}
