package io.eckermann.statemachine.topic;

import io.eckermann.statemachine.TimeSeek;
import io.eckermann.statemachine.TimelineSlot;
import io.eckermann.statemachine.storage.RowReader;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A topic's events by slots of recorded time. Times rise with positions, so a slot's events lie side by side, and where
 * they end is one look into the {@link TimeIndex}: no rows are kept for slots, whatever their length, and empty ones
 * cost nothing.
 */
public final class Timeline {
    private Timeline() {}

    /**
     * Slots that hold events, rising.
     *
     * @param slotNs how long each is
     * @param sinceNs events before do not count
     * @param untilNs events from then on do not count
     * @param max how many slots at most
     */
    public static List<TimelineSlot> slots(
            RowReader rows, Topic topic, long slotNs, long sinceNs, long untilNs, int max) {
        TimeIndex index = new TimeIndex(rows, topic);
        List<TimelineSlot> slots = new ArrayList<>();
        OptionalLong next = index.positionAt(sinceNs, TimeSeek.AT_OR_AFTER);
        while (next.isPresent() && slots.size() < max) {
            long first = next.getAsLong();
            long recordedNs = index.recordedNs(first);
            if (recordedNs >= untilNs) {
                break;
            }
            long startNs = recordedNs - recordedNs % slotNs;
            long endNs = untilNs - startNs < slotNs ? untilNs : startNs + slotNs;
            next = index.positionAt(endNs, TimeSeek.AT_OR_AFTER);
            slots.add(new TimelineSlot(startNs, first, next.orElse(topic.tail().getHead() + 1) - 1));
        }
        return slots;
    }
}
