package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.EventStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that lost its disk is rebuilt by itself from a cluster that holds much, which goes on taking appends. Only asked for:
 * {@code -Dchaos.rebuild=true}; {@code -Dchaos.gb} says how many 10<sup>9</sup> bytes it holds (20), of which the disk must have
 * room for three times as many.
 */
@EnabledIfSystemProperty(named = "chaos.rebuild", matches = "true")
class RebuiltNodeTest {
    private static final long BYTES = (long) (Double.parseDouble(System.getProperty("chaos.gb", "20")) * 1e9);
    private static final Duration PATIENCE = Duration.ofHours(2);
    /** Of the time that it takes: how appends are is told of each. */
    private static final int PARTS = 20;

    private static final long CALM_NS = TimeUnit.SECONDS.toNanos(20);
    /** The JVM as it is packaged. */
    private static final Map<String, String> JVM = Map.of("ECKERMANN_NODE_OPTS", "");

    @TempDir
    private Path directory;

    @Test
    void nodeWithNothingLeftIsRebuiltByItself() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3, "cluster.join-by-itself=true");
                EventStore store = cluster.client(Duration.ofSeconds(60))) {
            cluster.startAll(JVM);
            store.topics().create("lone").join();
            cluster.kill("n3");
            cluster.empty("n3");
            say("filled with %.1f GB: %.1f s", BYTES / 1e9, Bulk.fill(store, BYTES) / 1e3);
            try (LoneAppends appends = new LoneAppends(store)) {
                LockSupport.parkNanos(CALM_NS);
                long startNs = System.nanoTime();
                cluster.start("n3", JVM);
                await(cluster.node("n3"));
                long readyNs = System.nanoTime();
                say("from the start with nothing until it votes and is ready: %.1f s", (readyNs - startNs) / 1e9);
                say("lone appends before: %s", appends.between(startNs - CALM_NS / 2, startNs));
                say("lone appends meanwhile: %s", appends.between(startNs, readyNs));
                for (int part = 0; part < PARTS; part++) {
                    long fromNs = startNs + (readyNs - startNs) / PARTS * part;
                    say("  part %d: %s", part + 1, appends.between(fromNs, fromNs + (readyNs - startNs) / PARTS));
                }
            }
            cluster.kill("n1");
            cluster.kill("n2");
            long readNs = System.nanoTime();
            Bulk.assertHeld(cluster.grpc("n3"), BYTES);
            say("read from it alone, and compared: %.1f s", (System.nanoTime() - readNs) / 1e9);
        }
    }

    private static void await(NodeProcess node) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!node.isReady()) {
            assertThat(node.isAlive()).as(node.said()).isTrue();
            assertThat(System.nanoTime() - deadline).as(node.said()).isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private static void say(String format, Object... facts) {
        System.err.println(String.format(Locale.ROOT, format, facts));
    }
}
