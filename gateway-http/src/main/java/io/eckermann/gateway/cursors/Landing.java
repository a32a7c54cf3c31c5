package io.eckermann.gateway.cursors;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.ResetCursorRequest;
import io.eckermann.protocol.v1.TimeStart;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TimeSeek;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.Unread;
import java.util.OptionalLong;

/**
 * Where a cursor comes to stand: at what was asked for, or at the nearest that exists.
 *
 * @param position of the last event that is then done with
 * @param snapped whether what was asked for does not exist
 */
record Landing(long position, boolean snapped) {
    static void check(ResetCursorRequest request) {
        boolean ok = switch (request.getToCase()) {
            case POSITION -> request.getPosition() >= 0;
            case TIME ->
                request.getTime().getRecordedNs() >= 0 && request.getTime().getSeek() != TimeStart.Seek.UNRECOGNIZED;
            case END -> request.getEnd() != ResetCursorRequest.End.UNRECOGNIZED;
            case TO_NOT_SET -> false;
        };
        if (!ok) {
            throw new StoreException(
                            ErrorCode.BAD_REQUEST,
                            "Say where to put the cursor: a position from 0, a time since 1970, earliest or latest.")
                    .with("field", "to");
        }
    }

    static Landing of(ResetCursorRequest request, ReadView view, TopicState topic) {
        return switch (request.getToCase()) {
            case POSITION -> at(request.getPosition(), topic);
            case TIME -> at(request.getTime(), view, topic);
            case END, TO_NOT_SET ->
                new Landing(
                        request.getEnd() == ResetCursorRequest.End.EARLIEST ? topic.first() - 1 : topic.head(), false);
        };
    }

    /** At a position, or the nearest behind which there are or will be events. */
    static Landing at(long asked, TopicState topic) {
        // Position 0 says that nothing is done with: what was removed since does not make that another place.
        long lowest = asked == 0 ? 0 : topic.first() - 1;
        long position = Math.max(lowest, Math.min(asked, topic.head()));
        return new Landing(position, position != asked);
    }

    private static Landing at(TimeStart time, ReadView view, TopicState topic) {
        TimeSeek seek = switch (time.getSeek()) {
            case AT_OR_BEFORE -> TimeSeek.AT_OR_BEFORE;
            case NEAREST -> TimeSeek.NEAREST;
            case AT_OR_AFTER, UNRECOGNIZED -> TimeSeek.AT_OR_AFTER;
        };
        OptionalLong next = view.positionAt(topic.id(), time.getRecordedNs(), seek);
        if (next.isEmpty()) {
            return new Landing(seek == TimeSeek.AT_OR_AFTER ? topic.head() : topic.first() - 1, true);
        }
        long position = next.getAsLong() - 1;
        boolean exact = seek != TimeSeek.NEAREST
                || view.unread(topic.id(), position).map(Unread::nextRecordedNs).orElse(0L) == time.getRecordedNs();
        return new Landing(position, !exact);
    }
}
