package io.eckermann.raftlog.simulation;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.statemachine.command.Operation.CommitCursor;
import io.eckermann.statemachine.command.Result;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where cursors are, by what was accepted, and what must be refused. */
final class CursorModel {
    private final Map<String, Long> positions = new HashMap<>();
    private final Map<Long, Long> heads = new HashMap<>();

    private static String name(long topicId, String consumer) {
        return topicId + "/" + consumer;
    }

    long position(long topicId, String consumer) {
        return positions.getOrDefault(name(topicId, consumer), 0L);
    }

    void appended(long topicId, Result.Appended appended) {
        heads.merge(topicId, appended.head(), Math::max);
    }

    /** It was accepted, and nothing spoke against it, or refused for what did. */
    void committed(CommitCursor commit, Result result) {
        long now = position(commit.topicId(), commit.consumer());
        ErrorCode objection = objection(commit, now);
        if (result instanceof Result.CursorCommitted committed) {
            Violation.unless(objection == null, "%s was accepted at %d", commit, now);
            Violation.unless(committed.position() == commit.position(), "%s came to %s", commit, committed);
            Violation.unless(committed.position() <= committed.head(), "%s is beyond the head", committed);
            positions.put(name(commit.topicId(), commit.consumer()), committed.position());
        } else {
            Violation.unless(
                    result instanceof Result.Refused refused && refused.code() == objection,
                    "%s at %d came to %s",
                    commit,
                    now,
                    result);
        }
    }

    private @Nullable ErrorCode objection(CommitCursor commit, long now) {
        if (commit.expected().isPresent() && commit.expected().getAsLong() != now) {
            return ErrorCode.CURSOR_MOVED;
        }
        if (commit.position() > heads.getOrDefault(commit.topicId(), 0L)) {
            return ErrorCode.CURSOR_BEYOND_HEAD;
        }
        return commit.position() < now && !commit.allowRewind() ? ErrorCode.CURSOR_WOULD_REWIND : null;
    }
}
