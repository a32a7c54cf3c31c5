package io.eckermann.raftlog.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.raftlog.Await;
import io.eckermann.raftlog.Leadership;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a follower may do, and may not, when it takes its leader for lost. */
class FailoverTest {
    @TempDir
    Path directory;

    @Test
    void aLivingLeaderIsNotDeposedByAFollowerThatTakesItForLost() throws Exception {
        try (TestCluster cluster = TestCluster.started(directory)) {
            cluster.createTopic("t");
            TestCluster.Node leader = cluster.leader();
            long term = leader.log().leadership().term();
            RatisGroup follower = group(cluster.follower());
            // The door to the leader is closed on this side only: the other follower hears of it all the time.
            Await.until("a moment without news", () -> follower.forget(leader.id(), Duration.ZERO) && follower.stand());
            cluster.awaitSame();
            assertThat(cluster.submit(TestCluster.append(1, "p", 1, "one"))).isNotNull();
            assertThat(cluster.leader().id()).isEqualTo(leader.id());
            assertThat(cluster.leader().log().leadership().term()).isEqualTo(term);
            Await.until("all to follow", () -> roles(cluster).equals(List.of("FOLLOWER", "FOLLOWER", "LEADER")));
        }
    }

    @Test
    void aLeaderThatWasJustHeardOfIsNotForgotten() throws Exception {
        try (TestCluster cluster = TestCluster.started(directory)) {
            TestCluster.Node leader = cluster.leader();
            RatisGroup follower = group(cluster.follower());
            assertThat(follower.forget(leader.id(), Duration.ofHours(1))).isFalse();
            assertThat(follower.forget("stranger", Duration.ZERO)).isFalse();
            assertThat(follower.stand()).isFalse();
            assertThat(follower.follows(leader.id())).isTrue();
        }
    }

    @Test
    void nobodyStandsWhileThereIsALeader() throws Exception {
        try (TestCluster cluster = TestCluster.started(directory)) {
            RatisGroup leader = group(cluster.leader());
            assertThat(leader.stand()).isFalse();
            assertThat(leader.isWithoutLeader()).isFalse();
            assertThat(group(cluster.follower()).isWithoutLeader()).isFalse();
        }
    }

    @Test
    void whatWasAcknowledgedOutlivesTheLeaderThatWasForgotten() throws Exception {
        try (TestCluster cluster = TestCluster.started(directory)) {
            long topic = cluster.createTopic("t");
            for (int i = 1; i <= 20; i++) {
                cluster.leader()
                        .log()
                        .submit(TestCluster.append(topic, "p", i, "event " + i))
                        .get(30, TimeUnit.SECONDS);
            }
            // Ratis takes no votes from a member that never got an entry.
            cluster.awaitSame();
            String old = cluster.leader().id();
            cluster.stop(old);
            assertThat(cluster.leader().id()).isNotEqualTo(old);
            assertThat(cluster.submit(TestCluster.append(topic, "p", 21, "event 21")))
                    .isNotNull();
            cluster.awaitSame();
            assertThat(TestCluster.payloads(cluster.leader().state(), topic))
                    .hasSize(21)
                    .endsWith("event 21");
        }
    }

    private static RatisGroup group(TestCluster.Node node) {
        return Objects.requireNonNull(node.log().group());
    }

    private static List<String> roles(TestCluster cluster) {
        return cluster.nodes().stream()
                .map(node -> node.log().leadership())
                .map(Leadership::role)
                .map(Enum::name)
                .sorted()
                .toList();
    }
}
