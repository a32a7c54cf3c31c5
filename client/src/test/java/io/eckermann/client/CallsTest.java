package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.ErrorCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class CallsTest {
    private FakeCluster cluster;
    private EventStore store;

    @BeforeEach
    void start() throws Exception {
        cluster = new FakeCluster(3, 1);
        store = cluster.connect();
    }

    @AfterEach
    void stop() {
        store.close();
        cluster.close();
    }

    @Test
    void topicsAreCreatedOnceListedAndDeleted() throws Exception {
        assertThat(AppendTest.await(store.topics().create("a")).created()).isTrue();
        assertThat(AppendTest.await(store.topics().create("a")).created()).isFalse();
        AppendTest.await(store.topics().create("b"));
        cluster.fill("b", 4);
        assertThat(AppendTest.await(store.topics().list()))
                .extracting(Topic::name)
                .containsExactly("a", "b");
        assertThat(AppendTest.await(store.topics().get("b")).head()).isEqualTo(4);
        store.topics().delete("a").get(40, TimeUnit.SECONDS);
        assertThat(AppendTest.failure(store.topics().get("a"))).isInstanceOf(EckermannException.NotFound.class);
    }

    @Test
    void cursorsMoveAsTold() throws Exception {
        cluster.fill("t", 10);
        CursorPosition at = AppendTest.await(store.cursors().commit("c", "t", 4));
        assertThat(at.position()).isEqualTo(4);
        assertThat(at.lag()).isEqualTo(6);
        EckermannException moved =
                AppendTest.failure(store.cursors().commit("c", "t", 6, CommitOptions.DEFAULTS.withExpected(3)));
        assertThat(moved).isInstanceOf(EckermannException.Conflict.class);
        assertThat(moved.code()).isEqualTo("CURSOR_MOVED");
        assertThat(moved.facts()).containsEntry("position", "4");
        assertThat(AppendTest.failure(store.cursors().commit("c", "t", 2)).code())
                .isEqualTo("CURSOR_WOULD_REWIND");
        AppendTest.await(store.cursors().commit("c", "t", 2, CommitOptions.DEFAULTS.withRewind()));
        assertThat(AppendTest.await(store.cursors().get("c", "t")).position()).isEqualTo(2);
        assertThat(AppendTest.await(store.cursors().list("", "", Consistency.LOCAL)))
                .hasSize(1);
        store.cursors().delete("c", "t").get(40, TimeUnit.SECONDS);
        assertThat(AppendTest.failure(store.cursors().get("c", "t")).code()).isEqualTo("CURSOR_NOT_FOUND");
    }

    @Test
    void aDeadFirstNodeIsSkipped() throws Exception {
        cluster.fill("t", 3);
        cluster.nodes.get(0).kill();
        assertThat(AppendTest.await(store.topics().get("t")).head()).isEqualTo(3);
        assertThat(AppendTest.await(store.cluster()).answeredBy()).isNotEqualTo("n1");
    }

    @Test
    void theOtherNodesAreLearntFromTheFirst() throws Exception {
        cluster.topic("t");
        store.close();
        store = EventStore.connect(cluster.nodes.get(0).address());
        AppendTest.await(store.append("t", Event.of("a")));
        cluster.nodes.get(0).kill();
        cluster.lead(1);
        assertThat(AppendTest.await(store.append("t", Event.of("b"))).first()).isEqualTo(2);
    }

    @Test
    void theClusterIsDescribed() throws Exception {
        ClusterStatus status = AppendTest.await(store.cluster());
        assertThat(status.clusterId()).isEqualTo("fake");
        assertThat(status.leader()).contains("n1");
        assertThat(status.nodes()).extracting(NodeStatus::id).containsExactly("n1", "n2", "n3");
    }

    @Test
    void whenNobodyIsThereACallEndsInTime() {
        cluster.close();
        store.close();
        store = EventStore.builder()
                .endpoints(cluster.endpoints())
                .requestTimeout(Duration.ofSeconds(1))
                .build();
        EckermannException error = AppendTest.failure(store.topics().get("t"));
        assertThat(error).isInstanceOf(EckermannException.Unavailable.class);
        assertThat(error.retryable()).isTrue();
        assertThat(error.outcomeUnknown()).isFalse();
        assertThat(error.getMessage()).contains("could not be reached");
    }

    /** It may take minutes, but whoever asked for it is not to wait that long for a refusal. */
    @Test
    void changeOfMembersThatIsRefusedIsTriedAgainOnlyAsLongAsOneRequestMayTake() {
        try (EventStore hasty = hasty()) {
            cluster.changesRefused.set(Integer.MAX_VALUE);
            EckermannException refused = AppendTest.failure(hasty.nodes().remove("n2", "", Duration.ofMinutes(9)));
            assertThat(refused.code()).isEqualTo("MEMBERS_CHANGING");
            assertThat(Integer.parseInt(refused.facts().get("attempts"))).isGreaterThan(1);
        }
    }

    @Test
    void changeOfMembersIsWaitedForAsLongAsItIsUnderWay() throws Exception {
        try (EventStore hasty = hasty()) {
            cluster.changeRefusal = ErrorCode.COMMIT_TIMED_OUT;
            cluster.changesRefused.set(3);
            cluster.changeMs = 600;
            assertThat(AppendTest.await(hasty.nodes().remove("n2", "", Duration.ofMinutes(9))))
                    .containsExactly("n1");
        }
    }

    /** It waits for one itself, for longer than a request may take, and so it does the next time. */
    @Test
    void nodeThatKnowsNoLeaderIsNotAskedAgainFirst() throws Exception {
        try (EventStore hasty = hasty()) {
            cluster.changeRefusal = ErrorCode.NO_LEADER;
            cluster.changesRefused.set(1);
            cluster.changeMs = 600;
            EckermannException refused = AppendTest.failure(hasty.nodes().remove("n3", "", Duration.ofMinutes(9)));
            assertThat(refused.code()).isEqualTo("NO_LEADER");
            assertThat(AppendTest.await(hasty.nodes().remove("n3", "", Duration.ofMinutes(9))))
                    .doesNotContain("n1");
        }
    }

    private EventStore hasty() {
        return EventStore.builder()
                .endpoints(cluster.endpoints())
                .requestTimeout(Duration.ofMillis(500))
                .build();
    }

    @Test
    void endpointsAreHostAndPort() {
        for (String bad : new String[] {"", "nohost", "http://a:1", "a:b", " , "}) {
            assertThatThrownBy(() -> EventStore.builder().endpoints(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
