package io.eckermann.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.StateDigestView;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.Single;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StateDigestsTest {
    @TempDir
    Path directory;

    private long index;

    @Test
    void newestOfTheMomentsThatWaitIsWorkedOutAndTheStateClosesWhateverIsLeft() throws Exception {
        try (StateMachine state = StateMachine.open(directory)) {
            StateDigests digests = new StateDigests("n1", 2, 1L << 30);
            state.onMark(digests::take);
            mark(state);
            mark(state);
            long last = mark(state);
            digests.open();
            awaitTold(digests, 1);
            assertThat(digests.told())
                    .containsExactly(StateDigestView.newBuilder()
                            .setShard(2)
                            .setRaftIndex(last)
                            .setSha256(state.digest())
                            .build());
            for (int more = 1; more < 5; more++) {
                long next = mark(state);
                awaitTold(digests, next);
            }
            assertThat(digests.told())
                    .extracting(StateDigestView::getRaftIndex)
                    .hasSize(3)
                    .isSorted();

            digests.close();
            mark(state);
            assertThat(digests.told()).extracting(StateDigestView::getRaftIndex).doesNotContain(index);
        }
        try (StateMachine state = StateMachine.open(directory)) {
            StateDigests neverOpened = new StateDigests("n1", 2, 1);
            state.onMark(neverOpened::take);
            mark(state);
            neverOpened.close();
        }
    }

    private long mark(StateMachine state) {
        RaftIndex at = new RaftIndex(1, ++index);
        assertThat(state.apply(at, new Command(1_000, List.of(new Single(new Operation.MarkState())))))
                .containsExactly(new Result.StateMarked(index));
        state.whenVisible(index).join();
        return index;
    }

    private static void awaitTold(StateDigests digests, long raftIndex) {
        while (digests.told().stream().noneMatch(each -> each.getRaftIndex() >= raftIndex)) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
