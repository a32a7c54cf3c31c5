package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.EventStore;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All nodes are stopped as a supervisor stops them, and started again, one after the other, under load.
 * {@code -Dchaos.rounds} does it so often.
 */
class RollingRestartTest {
    private static final int ROUNDS = Integer.getInteger("chaos.rounds", 1);
    private static final long PAUSE_MS_MAX = 1_000;

    @TempDir
    private Path directory;

    @Test
    void rollingRestartFailsNoRequestAndHardlyDelaysAppends() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3);
                EventStore store = cluster.client(Duration.ofSeconds(30))) {
            cluster.startAll();
            store.topics().create("orders").join();
            store.topics().create("single").join();
            try (Producer orders = new Producer(store, "orders", "p1", 200, 2_000_000);
                    Requests requests = new Requests(store, "single")) {
                orders.awaitProgress();
                for (int round = 0; round < ROUNDS; round++) {
                    for (String id : cluster.ids()) {
                        cluster.node(id).terminate();
                        assertThat(cluster.node(id).awaitExit())
                                .as("exit code of " + id)
                                .isZero();
                        cluster.start(id);
                        cluster.awaitReady(id);
                        orders.awaitProgress();
                    }
                }
                requests.finish();
                orders.finish();
                System.err.println(requests + "; " + orders);

                assertThat(requests.failures()).isEmpty();
                assertThat(orders.refused()).isEmpty();
                assertThat(requests.tookMs(990)).as("pause of appends").isLessThan(PAUSE_MS_MAX);
                History.assertOnAll(cluster, store, "orders", "after a rolling restart", orders);
            }
        }
    }
}
