package io.eckermann.statemachine.cursor;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.CursorState;
import io.eckermann.statemachine.command.Operation.CommitCursor;
import io.eckermann.statemachine.command.Operation.DeleteCursor;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.storage.StoreBatch;
import java.util.Optional;

/** What commands do to cursors. Apply thread. */
public final class Cursors {
    private Cursors() {}

    /**
     * Moves a cursor if the rules allow it.
     *
     * @param head of the topic
     * @param committedNs the leader's time
     */
    public static Result commit(StoreBatch batch, CommitCursor commit, long head, long committedNs) {
        Optional<StoreException> objection = objection(batch, commit, head);
        return objection.isPresent() ? Result.Refused.of(objection.get()) : move(batch, commit, head, committedNs);
    }

    /** What speaks against a commit, if anything. */
    public static Optional<StoreException> objection(StoreBatch batch, CommitCursor commit, long head) {
        long now = CursorTable.find(batch, commit.topicId(), commit.consumer())
                .map(CursorState::position)
                .orElse(0L);
        return CursorRules.object(commit, now, head);
    }

    /** Moves a cursor when nothing speaks against it. */
    public static Result.CursorCommitted move(StoreBatch batch, CommitCursor commit, long head, long committedNs) {
        CursorTable.put(batch, new CursorState(commit.consumer(), commit.topicId(), commit.position(), committedNs));
        return new Result.CursorCommitted(commit.position(), head, committedNs);
    }

    /** Forgets a cursor. */
    public static Result delete(StoreBatch batch, DeleteCursor delete) {
        Optional<CursorState> cursor = CursorTable.find(batch, delete.topicId(), delete.consumer());
        if (cursor.isEmpty()) {
            return Result.Refused.of(new StoreException(
                            ErrorCode.CURSOR_NOT_FOUND, "The consumer has no cursor in this topic: commit one first.")
                    .with("consumer", delete.consumer()));
        }
        CursorTable.delete(batch, cursor.get());
        return new Result.Done();
    }
}
