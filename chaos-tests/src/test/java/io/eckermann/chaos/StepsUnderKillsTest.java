package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The loop of docs/examples, run as it stands, twice at once, and killed with SIGKILL like the nodes: each order has one
 * invoice. Dear, so only with {@code -Dchaos.seconds}, which says for how long; {@code -Dchaos.seed} repeats a schedule.
 */
@EnabledIfSystemProperty(named = "chaos.seconds", matches = "[0-9]+")
class StepsUnderKillsTest {
    private static final long SEED = Long.getLong("chaos.seed", 186_849);
    private static final long SECONDS = Long.getLong("chaos.seconds", 20);

    @TempDir
    private Path directory;

    private final List<Process> loops = new ArrayList<>();
    private int kills;

    @Test
    void eachOrderHasOneInvoiceHoweverOftenTheLoopAndTheNodesAreKilled() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3);
                EventStore store = cluster.client(Duration.ofSeconds(60))) {
            cluster.startAll();
            store.topics().create("orders").join();
            loops.add(loop(cluster));
            loops.add(loop(cluster));
            int orders = breakThings(cluster, store);
            Await.until(
                    "all orders are done",
                    () -> store.cursors().position("billing", "orders").join() == orders);
            List<JsonNode> invoices = cluster.events("n1", "invoices", orders);
            assertThat(invoices)
                    .as("seed %d, %d kills", SEED, kills)
                    .extracting(invoice -> invoice.path("data_base64").asText())
                    .isEqualTo(IntStream.rangeClosed(1, orders)
                            .mapToObj(order -> base64("for order " + order))
                            .toList());
            System.err.println("seed " + SEED + ": " + orders + " orders, " + kills + " kills");
        } finally {
            loops.forEach(Process::destroyForcibly);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns how many orders there are. */
    private int breakThings(Cluster cluster, EventStore store) throws Exception {
        Random random = new Random(SEED);
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int orders = 0;
        while (System.nanoTime() - endNs < 0 || kills < 4) {
            for (int i = 0; i < 200; i++) {
                var unused = store.append("orders", Event.of("order " + ++orders));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_000 + random.nextInt(3_000)));
            int victim = random.nextInt(3);
            kills++;
            if (victim < 2) {
                loops.get(victim).destroyForcibly().waitFor();
                loops.set(victim, loop(cluster));
            } else {
                String node = random.nextBoolean() ? cluster.leader() : "n1";
                cluster.kill(node);
                cluster.start(node);
                cluster.awaitReady();
            }
        }
        return orders;
    }

    private Process loop(Cluster cluster) throws IOException {
        Path target = Script.root().resolve("client/target");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                target.resolve("*") + System.getProperty("path.separator") + target.resolve("lib/*"),
                "-Dlogback.configurationFile=io/eckermann/client/cli/logback.xml",
                Script.root().resolve("docs/examples/Invoices.java").toString(),
                cluster.endpoints());
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("loop.log").toFile()))
                .start();
    }
}
