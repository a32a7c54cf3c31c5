package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.EventStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long things take in a cluster's life, printed: until appends are acknowledged again when the leader is killed, and when it is
 * stopped; a restart, and the join of an empty node, with so much data, and how long appends take meanwhile; the status page
 * of five nodes. Only asked for;
 * {@code -Dchaos.gib} says how much data (1).
 */
@EnabledIfSystemProperty(named = "chaos.figures", matches = "true")
class LifeFiguresTest {
    private static final long BYTES = (long) (Double.parseDouble(System.getProperty("chaos.gib", "1")) * (1 << 30));
    private static final int ROUNDS = 5;
    private static final int RESTARTS = 3;
    private static final int PAGES = 100;
    /** How long appends are watched before a node joins. */
    private static final long CALM_NS = TimeUnit.SECONDS.toNanos(20);
    /** The JVM as it is packaged. */
    private static final Map<String, String> JVM = Map.of("ECKERMANN_NODE_OPTS", "");

    @TempDir
    private Path directory;

    private final List<String> figures = new ArrayList<>();

    @Test
    void timesOfAClustersLife() throws Exception {
        try (Cluster cluster = new Cluster(directory, 5);
                EventStore store = cluster.client(Duration.ofSeconds(60))) {
            List<String> three = List.of("n1", "n2", "n3");
            for (String id : three) {
                start(cluster, id, "n1", "n2", "n3");
            }
            cluster.awaitReady();
            store.topics().create("lone").join();
            say("filled with %.2f GiB: %.1f s", BYTES / (double) (1 << 30), Bulk.fill(store, BYTES) / 1e3);
            gaps(cluster, store, "kill -9 of the leader", cluster::kill);
            gaps(cluster, store, "SIGTERM of the leader", id -> cluster.node(id).terminate());
            restarts(cluster);
            joins(cluster, store);
            pages(cluster);
        } finally {
            figures.forEach(System.err::println);
        }
    }

    private static NodeProcess start(Cluster cluster, String id, String... nodes) throws Exception {
        return cluster.start(id, JVM, List.of(cluster.nodes(nodes)));
    }

    /** What happens to the leader. */
    private interface Blow {
        void hit(String id);
    }

    private void gaps(Cluster cluster, EventStore store, String what, Blow blow) throws Exception {
        double[] gapsMs = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            try (LoneAppends appends = new LoneAppends(store)) {
                appends.await(200);
                String leader = leader(cluster);
                long hitNs = System.nanoTime();
                blow.hit(leader);
                appends.await(200);
                gapsMs[round] = appends.longestMs(hitNs);
                assertThat(cluster.node(leader).awaitExit()).isNotNegative();
                start(cluster, leader, "n1", "n2", "n3");
                cluster.awaitReady(leader);
            }
            // Leadership settles, and the archive of what is measured does not overlap with the restart.
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
        }
        say("no acknowledgement after %s, %d times: %s", what, ROUNDS, spread(gapsMs));
    }

    private void restarts(Cluster cluster) throws Exception {
        for (boolean killed : new boolean[] {false, true}) {
            double[] tookMs = new double[RESTARTS];
            for (int round = 0; round < RESTARTS; round++) {
                String id = follower(cluster);
                if (killed) {
                    cluster.kill(id);
                } else {
                    cluster.node(id).terminate();
                    assertThat(cluster.node(id).awaitExit()).isZero();
                }
                long startNs = System.nanoTime();
                start(cluster, id, "n1", "n2", "n3");
                cluster.awaitReady(id);
                tookMs[round] = sinceMs(startNs);
            }
            say(
                    "restart with %.2f GiB after %s until ready, %d times: %s",
                    BYTES / (double) (1 << 30), killed ? "kill -9" : "SIGTERM", RESTARTS, spread(tookMs));
        }
    }

    private void joins(Cluster cluster, EventStore store) throws Exception {
        List<String> nodes = new ArrayList<>(List.of("n1", "n2", "n3"));
        for (String id : List.of("n4", "n5")) {
            nodes.add(id);
            long startNs = System.nanoTime();
            start(cluster, id, nodes.toArray(String[]::new));
            Await.until(id + " waits to be added", () -> cluster.node(id).said().contains("waits to be added"));
            double startedMs = sinceMs(startNs);
            try (LoneAppends appends = new LoneAppends(store)) {
                LockSupport.parkNanos(CALM_NS);
                long addNs = System.nanoTime();
                store.nodes().add(cluster.grpc(id), Duration.ofMinutes(10)).join();
                cluster.awaitReady(id);
                long readyNs = System.nanoTime();
                double tookMs = (readyNs - addNs) / 1e6;
                say(
                        "join of %s with %.2f GiB: %.1f s from the command until it votes and is ready, %.1f s with its start",
                        id, BYTES / (double) (1 << 30), tookMs / 1e3, (tookMs + startedMs) / 1e3);
                say("lone appends before: %s", appends.between(addNs - CALM_NS / 2, addNs));
                say("lone appends while it joined: %s", appends.between(addNs, readyNs));
            }
        }
    }

    private void pages(Cluster cluster) throws Exception {
        for (String id : cluster.ids()) {
            double[] tookMs = new double[PAGES];
            for (int k = -PAGES; k < PAGES; k++) {
                long startNs = System.nanoTime();
                assertThat(cluster.view(id).path("nodes")).hasSize(5);
                tookMs[Math.floorMod(k, PAGES)] = sinceMs(startNs);
            }
            say("status page of five nodes on %s, %d times: %s", id, PAGES, spread(tookMs));
        }
    }

    private static String leader(Cluster cluster) throws Exception {
        String[] found = {""};
        Await.until("one leads", () -> {
            for (String id : List.of("n1", "n2", "n3")) {
                found[0] = cluster.view(id).path("leader").asText();
            }
            return found[0].startsWith("n") && cluster.node(found[0]).isReady();
        });
        return found[0];
    }

    private static String follower(Cluster cluster) throws Exception {
        String leader = leader(cluster);
        return leader.equals("n1") ? "n2" : "n1";
    }

    private static double sinceMs(long startNs) {
        return (System.nanoTime() - startNs) / 1e6;
    }

    private static String spread(double[] ms) {
        double[] sorted = ms.clone();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "median %.1f ms, least %.1f, most %.1f",
                sorted[sorted.length / 2],
                sorted[0],
                sorted[sorted.length - 1]);
    }

    private void say(String format, Object... facts) {
        String figure = String.format(Locale.ROOT, format, facts);
        figures.add(figure);
        System.err.println(figure);
    }
}
