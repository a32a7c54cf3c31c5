package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class SilentNodeTest {
    private static final String TOPIC = "orders";

    private FakeCluster cluster;
    private SilentDoor door;
    private EventStore store;

    @BeforeEach
    void start() throws Exception {
        cluster = new FakeCluster(3, 1);
        cluster.topic(TOPIC);
        FakeNode leader = cluster.nodes.get(0);
        door = new SilentDoor(leader.address());
        leader.announced = door.address();
        store = EventStore.builder()
                .endpoints(cluster.endpoints())
                .requestTimeout(Duration.ofSeconds(12))
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        store.close();
        cluster.close();
        door.close();
    }

    /** As when its machine loses its network: no connection ends, so nothing but silence tells. */
    @Test
    void appendsLeaveALeaderThatIsCutOffWithoutAWordLongBeforeTheirTimeIsUp() throws Exception {
        assertThat(await(store.append(TOPIC, Event.of("a"))).first()).isEqualTo(1);
        door.fallSilent();
        CompletableFuture<AppendResult> under = store.append(TOPIC, Event.of("b"));
        cluster.lead(1);
        assertThat(await(under).first()).isEqualTo(2);
        assertThat(await(store.append(TOPIC, Event.of("c"))).first()).isEqualTo(3);
        assertThat(cluster.payloads(TOPIC)).containsExactly("a", "b", "c");
    }

    @Test
    void aLeaderThatOnlyTakesItsTimeIsNotLeft() throws Exception {
        assertThat(await(store.append(TOPIC, Event.of("a"))).first()).isEqualTo(1);
        int streams = cluster.appendStreams.get();
        int asked = cluster.asked();
        cluster.meet(FakeCluster.Fate.SILENT);
        CompletableFuture<AppendResult> slow = store.append(TOPIC, Event.of("b"));
        Await.until("it was asked twice whether it is there", () -> cluster.asked() >= asked + 2);
        assertThat(cluster.appendStreams).hasValue(streams);
        assertThat(slow).isNotDone();
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }
}
