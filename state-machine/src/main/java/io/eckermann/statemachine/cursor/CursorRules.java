package io.eckermann.statemachine.cursor;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.command.Operation.CommitCursor;
import java.util.Optional;

/** Decides whether a cursor may move. Pure. */
final class CursorRules {
    private CursorRules() {}

    /**
     * What speaks against the commit, if anything.
     *
     * @param now where the cursor is, 0 when it does not exist
     */
    static Optional<StoreException> object(CommitCursor commit, long now, long head) {
        if (commit.expected().isPresent() && commit.expected().getAsLong() != now) {
            return Optional.of(new StoreException(
                            ErrorCode.CURSOR_MOVED, "The cursor is not where it was expected: read it again.")
                    .with("position", now)
                    .with("expected", commit.expected().getAsLong()));
        }
        if (commit.position() < 0) {
            return Optional.of(new StoreException(ErrorCode.BAD_REQUEST, "A cursor's position is 0 or more.")
                    .with("position", commit.position()));
        }
        if (commit.position() > head) {
            return Optional.of(
                    new StoreException(ErrorCode.CURSOR_BEYOND_HEAD, "A cursor cannot be beyond the head of its topic.")
                            .with("position", commit.position())
                            .with("head", head));
        }
        if (commit.position() < now && !commit.allowRewind()) {
            return Optional.of(new StoreException(
                            ErrorCode.CURSOR_WOULD_REWIND,
                            "The commit would move the cursor back: say that it may, if that is meant.")
                    .with("position", now));
        }
        return Optional.empty();
    }
}
