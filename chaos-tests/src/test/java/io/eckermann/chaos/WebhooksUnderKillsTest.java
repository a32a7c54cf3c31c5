package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.GroupStart;
import io.eckermann.client.WebhookSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A receiver that fails now and then, while leaders are killed with SIGKILL: it gets each event, in order at its first time.
 * Dear, so only with {@code -Dchaos.seconds}, which says for how long; {@code -Dchaos.seed} repeats a schedule.
 */
@EnabledIfSystemProperty(named = "chaos.seconds", matches = "[0-9]+")
class WebhooksUnderKillsTest {
    private static final long SEED = Long.getLong("chaos.seed", 186_849);
    private static final long SECONDS = Long.getLong("chaos.seconds", 20);

    @TempDir
    private Path directory;

    private final Random moods = new Random(SEED);
    private final List<Long> received = new CopyOnWriteArrayList<>();
    private int kills;

    @Test
    void eachEventComesInOrderHoweverOftenTheLeaderIsKilled() throws Exception {
        HttpServer receiver = receiver();
        try (Cluster cluster = new Cluster(directory, 3);
                EventStore store = cluster.client(Duration.ofSeconds(60))) {
            cluster.startAll();
            store.topics().create("orders").join();
            String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";
            WebhookSettings settings = WebhookSettings.to(url)
                    .timeout(Duration.ofSeconds(1))
                    .backoff(Duration.ofMillis(10), Duration.ofMillis(200))
                    .attemptsMax(1_000);
            store.webhooks()
                    .create("orders", "hook", settings, GroupStart.FIRST)
                    .join();
            long orders = breakThings(cluster, store);
            Await.until(
                    "all events are settled",
                    () -> store.webhooks()
                                    .get("orders", "hook")
                                    .join()
                                    .group()
                                    .orElseThrow()
                                    .floor()
                            == orders);
            Set<Long> firstTimes = new LinkedHashSet<>(received);
            assertThat(firstTimes)
                    .as("seed %d, %d kills", SEED, kills)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, orders).boxed().toList());
            System.err.println("seed " + SEED + ": " + orders + " events in " + received.size() + " requests, " + kills
                    + " kills");
        } finally {
            receiver.stop(0);
        }
    }

    private HttpServer receiver() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.start();
        return server;
    }

    /** One at a time, as the server has one thread. Only what is taken counts. */
    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        int status = 204;
        if (exchange.getRequestMethod().equals("OPTIONS")) {
            exchange.getResponseHeaders().set("WebHook-Allowed-Origin", "*");
        } else if (moods.nextInt(20) == 0) {
            status = 500;
        } else {
            received.add(Script.JSON.readTree(body).path("eckermannposition").asLong());
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    /** Returns how many events there are. */
    private long breakThings(Cluster cluster, EventStore store) throws Exception {
        Random random = new Random(SEED);
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        long orders = 0;
        while (System.nanoTime() - endNs < 0 || kills < 3) {
            for (int i = 0; i < 300; i++) {
                var unused = store.append("orders", Event.of("order " + ++orders));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_000 + random.nextInt(3_000)));
            String node = cluster.leader();
            kills++;
            cluster.kill(node);
            cluster.start(node);
            cluster.awaitReady();
        }
        return orders;
    }
}
