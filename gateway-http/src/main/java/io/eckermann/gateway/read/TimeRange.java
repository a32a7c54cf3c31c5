package io.eckermann.gateway.read;

import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TimeSeek;
import io.eckermann.statemachine.TopicState;

/**
 * What two times leave of a read: times rise with positions, so they bound positions. What is not recorded yet has none:
 * a forward read goes on looking at the times of what it finds ({@link ReadProgress}).
 */
final class TimeRange {
    private TimeRange() {}

    /** The start, or where the range begins in reading direction. */
    static ReadStart start(ReadRequest request, ReadStart start, ReadView view, TopicState topic) {
        boolean forward = request.getDirection() == Direction.FORWARD;
        if (forward && request.getSinceNs() != 0) {
            return start.at(Math.max(start.position(), atOrAfter(request.getSinceNs(), view, topic)));
        }
        if (!forward && request.getUntilNs() != 0) {
            return start.at(Math.min(start.position(), atOrAfter(request.getUntilNs(), view, topic) - 1));
        }
        return start;
    }

    /** The request, reading no further backward than the range goes. */
    static ReadRequest bounded(ReadRequest request, ReadView view, TopicState topic) {
        if (request.getDirection() == Direction.FORWARD || request.getSinceNs() == 0) {
            return request;
        }
        long lowest = atOrAfter(request.getSinceNs(), view, topic);
        return request.toBuilder().setTo(Math.max(request.getTo(), lowest)).build();
    }

    private static long atOrAfter(long recordedNs, ReadView view, TopicState topic) {
        // Events newer than the topic's state are there: they are behind its head all the same.
        return Math.min(
                topic.head() + 1,
                view.positionAt(topic.id(), recordedNs, TimeSeek.AT_OR_AFTER).orElse(topic.head() + 1));
    }
}
