package io.eckermann.raftlog.ratis;

import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Single;
import io.eckermann.statemachine.command.Step;
import java.util.concurrent.atomic.LongAdder;

/** How many bytes of bodies came into the log since the node started. One thread counts, any asks. */
final class PayloadCount {
    private final LongAdder bytes = new LongAdder();
    /** Up to there, entries were written by a former process. */
    private volatile long replayedTo = -1;

    /** Says where the log ended when the node started. */
    void replaysTo(long raftIndex) {
        replayedTo = raftIndex;
    }

    void count(RaftIndex at, Command command) {
        if (at.index() <= replayedTo) {
            return;
        }
        for (Step step : command.steps()) {
            // A body that replaces another one is not new.
            if (!(step instanceof Single single && single.operation() instanceof Operation.ReplaceBody)) {
                bytes.add(step.body().size());
            }
        }
    }

    long bytes() {
        return bytes.sum();
    }
}
