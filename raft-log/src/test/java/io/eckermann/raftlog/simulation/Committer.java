package io.eckermann.raftlog.simulation;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.util.OptionalLong;
import java.util.Random;

/** One of several instances that move a cursor, and expect it where they saw it last. */
final class Committer implements Client {
    private static final int LEAP_MAX = 3;

    private final String consumer;
    private final long topicId;
    private final Doorway door;
    private long at;
    private boolean underWay;

    Committer(String consumer, long topicId, Doorway door) {
        this.consumer = consumer;
        this.topicId = topicId;
        this.door = door;
    }

    @Override
    public void step(Random random) {
        if (underWay) {
            return;
        }
        underWay = true;
        boolean rewinds = random.nextInt(8) == 0;
        long to = rewinds ? at / 2 : at + random.nextInt(LEAP_MAX);
        OptionalLong expected = random.nextInt(8) == 0 ? OptionalLong.empty() : OptionalLong.of(at);
        door.call(new Operation.CommitCursor(topicId, consumer, to, expected, rewinds), this::answered);
    }

    private void answered(Answer answer) {
        underWay = false;
        if (answer instanceof Answer.Applied applied && applied.result() instanceof Result.CursorCommitted committed) {
            at = committed.position();
        } else if (answer instanceof Answer.Applied applied && applied.result() instanceof Result.Refused refused) {
            if (refused.code() == ErrorCode.CURSOR_MOVED) {
                at = Long.parseLong(refused.facts().get("position"));
            }
        }
    }

    @Override
    public void finish() {
        // It keeps nothing that would have to be sent again.
    }

    @Override
    public boolean isDone() {
        return !underWay;
    }
}
