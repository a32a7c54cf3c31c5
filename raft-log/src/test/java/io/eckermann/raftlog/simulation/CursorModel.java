package io.eckermann.raftlog.simulation;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.statemachine.command.Operation.CommitCursor;
import io.eckermann.statemachine.command.Result;
import java.util.HashMap;
import java.util.Map;

/** Where cursors are, by what was accepted. */
final class CursorModel {
    private final Map<String, Long> positions = new HashMap<>();

    private static String name(long topicId, String consumer) {
        return topicId + "/" + consumer;
    }

    long position(long topicId, String consumer) {
        return positions.getOrDefault(name(topicId, consumer), 0L);
    }

    void committed(CommitCursor commit, Result result) {
        long now = position(commit.topicId(), commit.consumer());
        boolean isExpected = commit.expected().isEmpty() || commit.expected().getAsLong() == now;
        if (result instanceof Result.CursorCommitted committed) {
            Violation.unless(isExpected, "%s was accepted at %d", commit, now);
            Violation.unless(commit.allowRewind() || commit.position() >= now, "%s moved back from %d", commit, now);
            Violation.unless(committed.position() == commit.position(), "%s came to %s", commit, committed);
            Violation.unless(committed.position() <= committed.head(), "%s is beyond the head", committed);
            positions.put(name(commit.topicId(), commit.consumer()), committed.position());
        } else if (result instanceof Result.Refused refused) {
            boolean isMoved = refused.code() == ErrorCode.CURSOR_MOVED;
            Violation.unless(isMoved != isExpected, "%s at %d was refused with %s", commit, now, refused);
        }
    }
}
