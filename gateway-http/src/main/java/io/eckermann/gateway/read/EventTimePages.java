package io.eckermann.gateway.read;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.EventTimePage;
import io.eckermann.protocol.v1.EventTimePlace;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.TimeStart;
import io.eckermann.statemachine.EventTime;
import io.eckermann.statemachine.EventTimes;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TopicState;
import org.jspecify.annotations.Nullable;

/** Pages of a topic's events in the order of their business time. */
final class EventTimePages {
    static final int EVENTS_MAX = 1_000;
    private static final int EVENTS_USUAL = 100;

    private EventTimePages() {}

    static void check(ReadByEventTimeRequest request) {
        if (request.getDirection() == Direction.UNRECOGNIZED) {
            throw bad("direction", "No such direction: use FORWARD or BACKWARD.");
        }
        if (request.getTime().getSeek() == TimeStart.Seek.UNRECOGNIZED) {
            throw bad("time.seek", "No such seek: use AT_OR_AFTER, AT_OR_BEFORE or NEAREST.");
        }
        EventMatch.check(request);
        if (request.getLimit() < 0 || request.getLimit() > EVENTS_MAX) {
            throw bad("limit", "A page by business time has 1 to 1000 events.").with("limit", request.getLimit());
        }
        if (request.hasPlace() && request.getPlace().getPosition() < 0) {
            throw bad("place", "No event has a negative position.");
        }
        if (request.hasSinceNs() && request.hasUntilNs() && request.getSinceNs() >= request.getUntilNs()) {
            throw bad("until_ns", "A read of what lies between two times ends after it begins.")
                    .with("since_ns", request.getSinceNs())
                    .with("until_ns", request.getUntilNs());
        }
    }

    private static StoreException bad(String field, String message) {
        return new StoreException(ErrorCode.BAD_REQUEST, message).with("field", field);
    }

    static EventTimePage page(ReadView view, TopicState topic, ReadByEventTimeRequest request) {
        if (!topic.settings().getIndexEventTime()) {
            throw bad("topic", "The topic does not index business times: that is said when it is created.")
                    .with("topic", topic.name());
        }
        EventTimePage.Builder page =
                EventTimePage.newBuilder().setFirst(topic.first()).setHead(topic.head());
        boolean forward = request.getDirection() == Direction.FORWARD;
        EventTime low = EventTime.before(request.hasSinceNs() ? request.getSinceNs() : Long.MIN_VALUE);
        EventTime high = request.hasUntilNs() && request.getUntilNs() == Long.MIN_VALUE
                ? EventTime.before(Long.MIN_VALUE)
                : EventTime.behind(request.hasUntilNs() ? request.getUntilNs() - 1 : Long.MAX_VALUE);
        EventTime start = start(view, topic, request, forward ? low : high);
        if (start == null) {
            return page.build();
        }
        EventTime from = forward ? later(start, low) : earlier(start, high);
        boolean empty = forward ? from.compareTo(high) > 0 : from.compareTo(low) < 0;
        if (empty) {
            return page.build();
        }
        int limit = request.getLimit() == 0 ? EVENTS_USUAL : request.getLimit();
        EventTime next = new EventTimeFinds(view, topic.id(), request, limit, page).add(from, forward ? high : low);
        if (next != null) {
            page.setNext(EventTimePlace.newBuilder().setTimeNs(next.timeNs()).setPosition(next.position()));
        }
        return page.build();
    }

    /** Where reading begins; null when the time that was asked for leads nowhere. */
    private static @Nullable EventTime start(
            ReadView view, TopicState topic, ReadByEventTimeRequest request, EventTime usual) {
        return switch (request.getStartCase()) {
            case PLACE ->
                new EventTime(request.getPlace().getTimeNs(), request.getPlace().getPosition());
            case TIME -> sought(view, topic, request.getTime());
            case START_NOT_SET -> usual;
        };
    }

    private static @Nullable EventTime sought(ReadView view, TopicState topic, TimeStart time) {
        long ns = time.getRecordedNs();
        EventTime after = time.getSeek() == TimeStart.Seek.AT_OR_BEFORE
                ? null
                : nearest(view, topic, EventTime.before(ns), EventTime.behind(Long.MAX_VALUE));
        EventTime before = time.getSeek() == TimeStart.Seek.AT_OR_AFTER
                ? null
                : nearest(view, topic, EventTime.behind(ns), EventTime.before(Long.MIN_VALUE));
        if (before == null || after == null) {
            return before == null ? after : before;
        }
        // Unsigned, as the distance of two times may be greater than any time.
        return Long.compareUnsigned(ns - before.timeNs(), after.timeNs() - ns) <= 0 ? before : after;
    }

    private static @Nullable EventTime nearest(ReadView view, TopicState topic, EventTime from, EventTime to) {
        EventTime next = from;
        while (next != null) {
            EventTimes found = view.eventTimes(topic.id(), next, to, 1);
            if (!found.found().isEmpty()) {
                return found.found().get(0);
            }
            next = found.next();
        }
        return null;
    }

    private static EventTime later(EventTime one, EventTime other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static EventTime earlier(EventTime one, EventTime other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
