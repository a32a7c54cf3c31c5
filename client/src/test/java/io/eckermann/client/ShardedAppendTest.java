package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Appends to topics of several shards, each with a leader of its own. */
@Timeout(120)
final class ShardedAppendTest {
    private FakeCluster cluster;
    private EventStore store;

    @BeforeEach
    void start() throws Exception {
        cluster = new FakeCluster(3, 1);
        List.of("a", "b", "c", "d").forEach(cluster::topic);
        cluster.lead(List.of(0, 1, 2));
        cluster.shards = Map.of("a", 0, "b", 1, "c", 2, "d", 1);
        store = cluster.connect();
    }

    @AfterEach
    void stop() {
        cluster.close();
        store.close();
    }

    private void append(String topic) throws Exception {
        store.append(topic, Event.of(topic)).get(60, TimeUnit.SECONDS);
    }

    @Test
    void eachTopicsShardIsAskedForOnceAndAppendsGoStraightToItsLeader() throws Exception {
        for (int round = 0; round < 3; round++) {
            for (String topic : List.of("a", "b", "c", "d")) {
                append(topic);
            }
        }
        assertThat(cluster.astray()).isZero();
        assertThat(cluster.asked()).isEqualTo(4);
        assertThat(cluster.payloads("d")).containsExactly("d", "d", "d");
    }

    @Test
    void whoLeadsAShardByNowIsFoundAgainOnceForAllOfItsTopics() throws Exception {
        append("b");
        append("d");
        append("c");
        cluster.lead(List.of(0, 0, 2));
        append("b");
        append("d");
        append("c");
        assertThat(cluster.astray()).isEqualTo(1);
        assertThat(cluster.payloads("b")).hasSize(2);
        assertThat(cluster.payloads("d")).hasSize(2);
    }
}
