package io.eckermann.gateway;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.statemachine.CursorState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The cursors of one topic in memory. */
final class MemoryCursors {
    private static final long COMMITTED_NS = 9;

    private final Map<String, CursorState> cursors = new TreeMap<>();

    Result commit(Operation.CommitCursor commit, long head) {
        CursorState cursor = cursors.get(commit.consumer());
        long now = cursor == null ? 0 : cursor.position();
        if (commit.expected().orElse(now) != now) {
            return refused(ErrorCode.CURSOR_MOVED, Map.of("position", Long.toString(now)));
        }
        if (commit.position() > head) {
            return refused(ErrorCode.CURSOR_BEYOND_HEAD, Map.of());
        }
        cursors.put(
                commit.consumer(),
                new CursorState(commit.consumer(), commit.topicId(), commit.position(), COMMITTED_NS));
        return new Result.CursorCommitted(commit.position(), head, COMMITTED_NS);
    }

    private static Result refused(ErrorCode code, Map<String, String> facts) {
        return new Result.Refused(code, "Refused.", new TreeMap<>(facts));
    }

    /** Returns whether there was one. */
    boolean remove(String consumer) {
        return cursors.remove(consumer) != null;
    }

    @Nullable
    CursorState get(String consumer) {
        return cursors.get(consumer);
    }

    List<CursorState> all() {
        return List.copyOf(cursors.values());
    }
}
