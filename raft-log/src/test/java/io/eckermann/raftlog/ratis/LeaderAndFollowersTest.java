package io.eckermann.raftlog.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.raftlog.Await;
import io.eckermann.statemachine.command.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a healthy cluster does; one for all tests, which leave it healthy. */
class LeaderAndFollowersTest {
    @TempDir
    static Path directory;

    private static TestCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.started(directory);
    }

    @AfterAll
    static void stop() {
        cluster.close();
        assertThat(cluster.failStops()).isEmpty();
    }

    @Test
    void whatTheLeaderTookIsAppliedOnAll() throws Exception {
        long topic = cluster.createTopic("applied");
        for (int i = 1; i <= 20; i++) {
            Result result = cluster.submit(TestCluster.append(topic, "p", i, "event " + i));
            assertThat(((Result.Appended) result).first()).isEqualTo(i);
        }
        cluster.awaitSame();
        List<String> digests =
                cluster.nodes().stream().map(node -> node.state().digest()).toList();
        assertThat(digests).hasSize(3).containsOnly(digests.get(0));
        assertThat(TestCluster.payloads(cluster.follower().state(), topic)).hasSize(20);
        assertThat(cluster.failStops()).isEmpty();
    }

    @Test
    void aFollowerSeesWhatWasAcknowledgedOnceItsReadIsLinearizable() throws Exception {
        long topic = cluster.createTopic("followed");
        TestCluster.Node leader = cluster.leader();
        TestCluster.Node follower = cluster.follower();
        for (int i = 1; i <= 30; i++) {
            leader.log().submit(TestCluster.append(topic, "p", i, "event " + i)).get(30, TimeUnit.SECONDS);
            follower.log().linearizable().get(30, TimeUnit.SECONDS);
            assertThat(follower.state().view().topic(topic).orElseThrow().head())
                    .isEqualTo(i);
        }
    }

    @Test
    void aFollowerRefusesWritesAndNamesTheLeader() throws Exception {
        TestCluster.Node leader = cluster.leader();
        TestCluster.Node follower = cluster.follower();
        Await.until(
                "the follower to know the leader",
                () -> leader.id().equals(follower.log().leadership().leader()));
        assertThatThrownBy(() -> follower.log()
                        .submit(TestCluster.append(1, "p", 1, "event"))
                        .get(30, TimeUnit.SECONDS))
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(StoreException.class))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_LEADER);
                    assertThat(refusal.facts()).containsEntry("leader", leader.id());
                });
    }

    @Test
    void aLeaderHandsLeadershipOn() throws Exception {
        TestCluster.Node old = cluster.leader();
        TestCluster.Node next = cluster.follower();
        cluster.createTopic("before");
        old.log().transferLeadership(next.id()).get(30, TimeUnit.SECONDS);
        assertThat(cluster.leader().id()).isEqualTo(next.id());
    }
}
