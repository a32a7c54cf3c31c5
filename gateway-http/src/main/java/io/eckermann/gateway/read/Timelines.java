package io.eckermann.gateway.read;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.TimelineRequest;
import io.eckermann.protocol.v1.TimelineResponse;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TimelineSlot;
import io.eckermann.statemachine.TopicState;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Pages of a topic's timeline. */
final class Timelines {
    static final int SLOTS_MAX = 1_000;
    private static final long SLOT_NS_MIN = TimeUnit.SECONDS.toNanos(1);
    private static final long SLOT_NS_USUAL = TimeUnit.HOURS.toNanos(1);

    private Timelines() {}

    static void check(TimelineRequest request) {
        if (request.getSlotNs() != 0 && request.getSlotNs() < SLOT_NS_MIN) {
            throw bad("slot_ns", "A slot is a second long at least.").with("slot_ns", request.getSlotNs());
        }
        if (request.getSinceNs() < 0 || request.getUntilNs() < 0) {
            throw bad(request.getSinceNs() < 0 ? "since_ns" : "until_ns", "Nothing was recorded before 1970.");
        }
        if (request.getUntilNs() != 0 && request.getSinceNs() >= request.getUntilNs()) {
            throw bad("until_ns", "A timeline between two times ends after it begins.")
                    .with("since_ns", request.getSinceNs())
                    .with("until_ns", request.getUntilNs());
        }
        if (request.getLimit() < 0 || request.getLimit() > SLOTS_MAX) {
            throw bad("limit", "A page of a timeline has 1 to 1000 slots.").with("limit", request.getLimit());
        }
    }

    private static StoreException bad(String field, String message) {
        return new StoreException(ErrorCode.BAD_REQUEST, message).with("field", field);
    }

    static TimelineResponse page(ReadView view, TopicState topic, TimelineRequest request) {
        long slotNs = request.getSlotNs() == 0 ? usualSlotNs(topic) : request.getSlotNs();
        long untilNs = request.getUntilNs() == 0 ? Long.MAX_VALUE : request.getUntilNs();
        int limit = request.getLimit() == 0 ? SLOTS_MAX : request.getLimit();
        List<TimelineSlot> slots = view.timeline(topic.id(), slotNs, request.getSinceNs(), untilNs, limit + 1);
        TimelineResponse.Builder page = TimelineResponse.newBuilder()
                .setSlotNs(slotNs)
                .setFirst(topic.first())
                // Events may be newer than what was read of the topic before.
                .setHead(
                        slots.isEmpty()
                                ? topic.head()
                                : Math.max(
                                        topic.head(),
                                        slots.get(slots.size() - 1).last()));
        for (TimelineSlot slot : slots.subList(0, Math.min(limit, slots.size()))) {
            page.addSlotsBuilder()
                    .setStartNs(slot.startNs())
                    .setFirst(slot.first())
                    .setLast(slot.last())
                    .setCount(slot.count());
        }
        return page.setNextNs(slots.size() > limit ? slots.get(limit).startNs() : 0)
                .build();
    }

    private static long usualSlotNs(TopicState topic) {
        return topic.settings().getTimelineSlotMsCount() == 0
                ? SLOT_NS_USUAL
                : TimeUnit.MILLISECONDS.toNanos(topic.settings().getTimelineSlotMs(0));
    }
}
