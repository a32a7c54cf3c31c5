package io.eckermann.gateway.read;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TimeStart;
import io.eckermann.statemachine.CursorState;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TimeSeek;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.Unread;
import java.util.OptionalLong;

/**
 * Where a read begins. What was asked for is snapped into the positions that exist and the one beside them where
 * reading in this direction finds nothing (yet): head + 1 forward, first - 1 backward.
 *
 * @param position of the first event to read
 * @param head the topic's head when the read began
 * @param snapped whether the start asked for does not exist
 * @param keyVersion when one key is read: how many events it had at that head
 */
record ReadStart(long position, long head, boolean snapped, OptionalLong keyVersion) {
    ReadStart(long position, long head, boolean snapped) {
        this(position, head, snapped, OptionalLong.empty());
    }

    /** The same of one key. */
    ReadStart withKeyVersion(long version) {
        return new ReadStart(position, head, snapped, OptionalLong.of(version));
    }

    /** The same at another position, where a bound of the read begins. */
    ReadStart at(long bound) {
        return new ReadStart(bound, head, snapped, keyVersion);
    }

    static ReadStart of(ReadRequest request, ReadView view, TopicState topic) {
        ReadStart start = snapped(request, view, topic);
        boolean byPosition = request.hasFrom() || request.hasAfter() || request.hasCursor();
        if (request.getExact() && byPosition && start.snapped()) {
            throw outOfRange(topic);
        }
        return TimeRange.start(request, start, view, topic);
    }

    /** What is answered to who asks for exactly a position that is not there. */
    static StoreException outOfRange(TopicState topic) {
        return new StoreException(
                        ErrorCode.POSITION_OUT_OF_RANGE,
                        "No event is at the position asked for, nor will be next: the topic has those from 'first' to"
                                + " 'head'.")
                .with("topic", topic.name())
                .with("first", topic.first())
                .with("head", topic.head());
    }

    private static ReadStart snapped(ReadRequest request, ReadView view, TopicState topic) {
        boolean forward = request.getDirection() == Direction.FORWARD;
        return switch (request.getStartCase()) {
            case FROM -> snapped(forward, request.getFrom(), topic);
            case AFTER -> after(forward, request.getAfter(), topic);
            case TIME -> at(forward, request.getTime(), view, topic);
            case LAST ->
                exactly(forward ? Math.max(topic.first(), topic.head() - request.getLast() + 1) : topic.head(), topic);
            case CURSOR ->
                after(
                        forward,
                        view.cursor(topic.id(), request.getCursor())
                                .map(CursorState::position)
                                .orElse(0L),
                        topic);
            case START_NOT_SET -> exactly(forward ? topic.first() : topic.head(), topic);
        };
    }

    private static ReadStart after(boolean forward, long after, TopicState topic) {
        if (!forward) {
            return snapped(false, after - 1, topic);
        }
        if (after == 0) {
            return exactly(topic.first(), topic);
        }
        return snapped(true, after == Long.MAX_VALUE ? after : after + 1, topic);
    }

    private static ReadStart at(boolean forward, TimeStart time, ReadView view, TopicState topic) {
        TimeSeek seek = seek(time.getSeek());
        OptionalLong found = view.positionAt(topic.id(), time.getRecordedNs(), seek);
        if (found.isPresent()) {
            // The event may be newer than what was read of the topic before.
            long position = found.getAsLong();
            return new ReadStart(position, Math.max(topic.head(), position), !exact(time, seek, position, view, topic));
        }
        boolean pastHead = seek == TimeSeek.AT_OR_AFTER;
        if (forward) {
            return new ReadStart(pastHead ? topic.head() + 1 : topic.first(), topic.head(), true);
        }
        return new ReadStart(pastHead ? topic.head() : topic.first() - 1, topic.head(), true);
    }

    /** An event at or after a time, or before it, is what was asked for; one that is only near it takes another's place. */
    private static boolean exact(TimeStart time, TimeSeek seek, long found, ReadView view, TopicState topic) {
        return seek != TimeSeek.NEAREST
                || view.unread(topic.id(), found - 1)
                                .map(Unread::nextRecordedNs)
                                .orElse(0L)
                        == time.getRecordedNs();
    }

    private static TimeSeek seek(TimeStart.Seek seek) {
        return switch (seek) {
            case AT_OR_BEFORE -> TimeSeek.AT_OR_BEFORE;
            case NEAREST -> TimeSeek.NEAREST;
            default -> TimeSeek.AT_OR_AFTER;
        };
    }

    private static ReadStart exactly(long position, TopicState topic) {
        return new ReadStart(position, topic.head(), false);
    }

    private static ReadStart snapped(boolean forward, long asked, TopicState topic) {
        long lowest = forward ? topic.first() : topic.first() - 1;
        long highest = forward ? topic.head() + 1 : topic.head();
        long position = Math.max(lowest, Math.min(asked, highest));
        return new ReadStart(position, topic.head(), position != asked);
    }
}
