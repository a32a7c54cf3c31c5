package io.eckermann.client;

import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.EventTimePage;
import io.eckermann.protocol.v1.EventTimePlace;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.TimelineRequest;
import io.eckermann.protocol.v1.TimelineResponse;
import io.eckermann.protocol.v1.TimelineSlot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the fake says of times: every event was recorded as many seconds after 1970 as its position is. */
final class FakeTimes {
    private static final long SECOND = 1_000_000_000L;

    private FakeTimes() {}

    /** One slot at a time, whatever the limit. */
    static TimelineResponse timeline(TimelineRequest request, int events) {
        long slotNs = request.getSlotNs() == 0 ? 3_600 * SECOND : request.getSlotNs();
        long first = Math.max(1, (request.getSinceNs() + SECOND - 1) / SECOND);
        long startNs = first * SECOND / slotNs * slotNs;
        long last = Math.min(events, (startNs + slotNs - 1) / SECOND);
        TimelineResponse.Builder page =
                TimelineResponse.newBuilder().setSlotNs(slotNs).setFirst(1).setHead(events);
        if (first <= events) {
            page.addSlots(TimelineSlot.newBuilder()
                    .setStartNs(startNs)
                    .setFirst(first)
                    .setLast(last)
                    .setCount(last - first + 1));
        }
        return page.setNextNs(last < events ? startNs + slotNs : 0).build();
    }

    /** One event at a time, whatever the limit. */
    static EventTimePage byEventTime(ReadByEventTimeRequest request, List<Event> events) {
        List<RecordedEvent> found = new ArrayList<>();
        for (Event event : events) {
            long position = found.size() + 1L;
            found.add(RecordedEvent.newBuilder()
                    .setPosition(position)
                    .setRecordedNs(position * SECOND)
                    .setEvent(event)
                    .build());
        }
        found.removeIf(event -> request.hasSinceNs() && event.getEvent().getTimeNs() < request.getSinceNs());
        found.removeIf(event -> request.hasUntilNs() && event.getEvent().getTimeNs() >= request.getUntilNs());
        Comparator<RecordedEvent> order =
                Comparator.comparing(event -> event.getEvent().getTimeNs());
        found.sort(request.getDirection() == Direction.BACKWARD ? order.reversed() : order);
        int at = (int) request.getPlace().getPosition();
        EventTimePage.Builder page = EventTimePage.newBuilder().setHead(events.size());
        if (at < found.size()) {
            page.addEvents(found.get(at));
        }
        if (at + 1 < found.size()) {
            page.setNext(EventTimePlace.newBuilder().setPosition(at + 1L));
        }
        return page.build();
    }
}
