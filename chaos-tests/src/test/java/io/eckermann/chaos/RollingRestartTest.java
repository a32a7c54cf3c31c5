package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.EventStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All nodes are stopped as a supervisor stops them, and started again, one after the other, under load. Prints how long no
 * append was acknowledged at each, to one who appends alone. {@code -Dchaos.rounds} does it so often,
 * {@code -Dchaos.figures=true} with the JVM as it is packaged.
 */
class RollingRestartTest {
    private static final int ROUNDS = Integer.getInteger("chaos.rounds", 1);
    private static final Map<String, String> JVM =
            Boolean.getBoolean("chaos.figures") ? Map.of("ECKERMANN_NODE_OPTS", "") : Map.of();
    /** As long as the client waits; how long it takes is in docs/cluster.md. */
    private static final long GAP_MS_MAX = 30_000;

    @TempDir
    private Path directory;

    /** One node's; a leader's is handed on. */
    private record Restart(String id, boolean led, long fromNs, long toNs) {}

    @Test
    void rollingRestartFailsNoRequestAndHardlyDelaysAppends() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3);
                EventStore store = cluster.client(Duration.ofSeconds(30))) {
            cluster.startAll(JVM);
            store.topics().create("orders").join();
            store.topics().create("single").join();
            List<Restart> restarts = new ArrayList<>();
            try (Producer orders = new Producer(store, "orders", "p1", 200, 2_000_000);
                    Requests requests = new Requests(store, "single")) {
                orders.awaitProgress();
                for (int round = 0; round < ROUNDS; round++) {
                    for (String id : cluster.ids()) {
                        restarts.add(restart(cluster, id));
                        orders.awaitProgress();
                        requests.awaitProgress();
                    }
                }
                requests.finish();
                orders.finish();
                System.err.println(requests + "; " + orders);
                say(restarts, requests.acknowledged());

                assertThat(requests.failures()).isEmpty();
                assertThat(orders.refused()).isEmpty();
                assertThat(restarts)
                        .allSatisfy(restart -> assertThat(gapNs(restart, requests.acknowledged()))
                                .as("longest time without an acknowledgement, %s", restart)
                                .isLessThan(TimeUnit.MILLISECONDS.toNanos(GAP_MS_MAX)));
                History.assertOnAll(cluster, store, "orders", "after a rolling restart", orders);
            }
        }
    }

    private static Restart restart(Cluster cluster, String id) throws Exception {
        boolean led = cluster.view(id).path("leader").asText().equals(id);
        long fromNs = System.nanoTime();
        cluster.node(id).terminate();
        assertThat(cluster.node(id).awaitExit()).as("exit code of " + id).isZero();
        cluster.start(id, JVM);
        cluster.awaitReady(id);
        return new Restart(id, led, fromNs, System.nanoTime());
    }

    private static long gapNs(Restart restart, AckTimes acknowledged) {
        return acknowledged.longestGapNs(restart.fromNs(), restart.toNs());
    }

    private static void say(List<Restart> restarts, AckTimes acknowledged) {
        for (Restart restart : restarts) {
            System.err.printf(
                    Locale.ROOT,
                    "%s, which %s, was back after %.1f s: no acknowledgement for %.0f ms at most%n",
                    restart.id(),
                    restart.led() ? "led" : "followed",
                    (restart.toNs() - restart.fromNs()) / 1e9,
                    gapNs(restart, acknowledged) / 1e6);
        }
        for (boolean led : new boolean[] {true, false}) {
            System.err.println("No acknowledgement at restarts of " + (led ? "leaders, " : "followers, ")
                    + AckTimes.spread(restarts.stream()
                            .filter(restart -> restart.led() == led)
                            .mapToLong(restart -> gapNs(restart, acknowledged))));
        }
    }
}
