package io.eckermann.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.StateDigestView;
import io.eckermann.protocol.v1.StateDigestView.Verdict;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** One node's watch over a cluster of three, whose view of it is put together here. */
class DigestWatchTest {
    private static final Duration OFF = Duration.ZERO;
    private static final Duration ALWAYS = Duration.ofNanos(1);

    private final List<String> happened = new ArrayList<>();
    private final List<CompletableFuture<Result>> marks = new ArrayList<>();
    private Leadership.Role role = Leadership.Role.LEADER;
    private ClusterView view = ClusterView.getDefaultInstance();

    @Test
    void nodeThatDiffersServesNobodyAtOnceAndEndsOnceTheOthersCouldHear() {
        DigestWatch watch = watch(OFF);
        view = view(Verdict.AGREES, Verdict.AGREES, Verdict.OPEN);
        watch.look();
        assertThat(happened).isEmpty();

        view = view(Verdict.AGREES, Verdict.AGREES, Verdict.DIFFERS);
        watch.look();
        assertThat(happened).containsExactly("found at 9");
        watch.look();
        watch.look();
        assertThat(happened).hasSize(1);
        watch.look();
        watch.look();
        assertThat(happened)
                .containsExactly(
                        "found at 9", "The state of this node differs from that of a majority at entry 9 of shard 0");
    }

    @Test
    void nobodyIsConvictedForAnotherOneOrWithoutMajority() {
        DigestWatch watch = watch(OFF);
        for (int i = 0; i < 10; i++) {
            view = view(Verdict.DIFFERS, Verdict.AGREES, Verdict.AGREES);
            watch.look();
            view = view(Verdict.NO_MAJORITY, Verdict.NO_MAJORITY, Verdict.NO_MAJORITY);
            watch.look();
        }
        assertThat(happened).isEmpty();
    }

    @Test
    void leaderAloneHasStatesComparedAndNotTwiceAtATime() {
        role = Leadership.Role.FOLLOWER;
        DigestWatch watch = watch(ALWAYS);
        watch.look();
        assertThat(marks).isEmpty();
        role = Leadership.Role.LEADER;
        watch.look();
        watch.look();
        assertThat(marks).hasSize(1);
        marks.get(0).complete(new Result.StateMarked(9));
        watch.look();
        assertThat(marks).hasSize(2);

        watch(OFF).look();
        watch(Duration.ofHours(1)).look();
        assertThat(marks).hasSize(2);
    }

    private DigestWatch watch(Duration interval) {
        DigestWatch.Part part = new DigestWatch.Part(
                0,
                () -> new Leadership(role, 1, "n3", role == Leadership.Role.LEADER, 9, 9, -1),
                (operation, timeout) -> {
                    assertThat(operation).isEqualTo(new Operation.MarkState());
                    marks.add(new CompletableFuture<>());
                    return marks.get(marks.size() - 1);
                },
                new StateDigests("n3", 0, 1));
        return new DigestWatch("n3", List.of(part), interval, () -> view, new DigestWatch.Conviction() {
            @Override
            public void found(String why, long raftIndex) {
                happened.add("found at " + raftIndex);
            }

            @Override
            public void carriedOut(String why) {
                happened.add(why);
            }
        });
    }

    private static ClusterView view(Verdict... verdicts) {
        ClusterView.Builder view = ClusterView.newBuilder();
        for (Verdict verdict : verdicts) {
            view.addNodesBuilder()
                    .setId("n" + view.getNodesCount())
                    .addDigests(StateDigestView.newBuilder().setRaftIndex(9).setVerdict(verdict));
        }
        return view.build();
    }
}
