package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.DigestStatus;
import io.eckermann.client.EckermannException;
import io.eckermann.client.EventStore;
import io.eckermann.client.NodeStatus;
import io.eckermann.client.TopicChanges;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five nodes, up to seven and down to three, live through what an operator and bad luck do to them, drawn by lot, while clients
 * append: nodes join and leave, are killed, stopped, emptied, and handed leadership. In the end every event is there once and in
 * order, and all nodes' states have one digest. {@code -Dchaos.minutes} says for how long (10), {@code -Dchaos.seed} repeats what is
 * drawn.
 */
@EnabledIfSystemProperty(named = "chaos.life", matches = "true")
class LifeTest {
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime() & 0xffff);
    private static final long MINUTES = Long.getLong("chaos.minutes", 10);
    private static final int PLACES = 7;
    private static final int FOUNDERS = 5;
    private static final int FEWEST = 3;
    private static final Duration CHANGE_MAX = Duration.ofMinutes(2);
    private static final String BY_ITSELF = "cluster.join-by-itself=true";

    @TempDir
    private Path directory;

    private final Random random = new Random(SEED);
    private final StringBuilder schedule = new StringBuilder("seed " + SEED + ":");
    private final Map<String, Integer> counts = new TreeMap<>();
    /** Of the nodes that are members, by the place where they are: n3, also when it is n3~4f2a91 by now. */
    private final TreeSet<String> members = new TreeSet<>();

    /** Something that happens to a cluster. */
    private interface Act {
        void happen(Cluster cluster, EventStore store) throws Exception;
    }

    @Test
    void nothingIsLostAndAllNodesHoldTheSameWhateverHappensToThem() throws Exception {
        try (Cluster cluster = new Cluster(
                directory,
                PLACES,
                "raft.segment-size=1MiB",
                "raft.snapshot-after=2MiB",
                "raft.entries-kept=200",
                "retention.interval=1s",
                "scavenge.interval=5s",
                "digest.interval=20s")) {
            members.addAll(cluster.ids().subList(0, FOUNDERS));
            for (String id : members) {
                start(cluster, id);
            }
            cluster.awaitReady();
            try (EventStore store = cluster.client(Duration.ofSeconds(60))) {
                live(cluster, store);
            }
        } finally {
            System.err.println(schedule);
        }
    }

    private void live(Cluster cluster, EventStore store) throws Exception {
        for (String topic : List.of("orders", "hints", "short")) {
            store.topics().create(topic).join();
        }
        store.topics().update("short", TopicChanges.NONE.retainEvents(500)).join();
        try (Producer orders = new Producer(store, "orders", "p1", 2_000, 10_000_000);
                Producer hints = new Producer(store, "hints", "p2", 200, 5_000_000);
                Producer passing = new Producer(store, "short", "p3", 2_000, 10_000_000)) {
            long endNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
            while (System.nanoTime() - endNs < 0) {
                act(cluster, store);
                settle(cluster, orders);
                commit(store, orders);
            }
            for (Producer producer : List.of(orders, hints, passing)) {
                producer.awaitProgress();
                producer.finish();
                assertThat(producer.refused()).as(schedule.toString()).isEmpty();
            }
            System.err.println(counts + "; " + orders + "; " + hints + "; " + passing);
            assertOneDigest(cluster, store);
            for (Producer judged : List.of(orders, hints)) {
                String topic = judged == orders ? "orders" : "hints";
                History.assertOn(cluster, List.copyOf(members), store, topic, schedule.toString(), judged);
            }
        }
    }

    private void act(Cluster cluster, EventStore store) throws Exception {
        List<Map.Entry<String, Act>> acts = new ArrayList<>(List.of(
                Map.entry("kill", (Act) (c, s) -> killed(c, List.of(one()))),
                Map.entry("kill-leader", (Act) (c, s) -> killed(c, List.of(leader(c)))),
                Map.entry("kill-minority", (Act) (c, s) -> killed(c, some((members.size() - 1) / 2))),
                Map.entry("stop", (Act) (c, s) -> stopped(c, one())),
                Map.entry("stop-leader", (Act) (c, s) -> stopped(c, leader(c))),
                Map.entry("transfer", (Act) this::transferred),
                Map.entry("empty", (Act) (c, s) -> emptied(c, one()))));
        if (members.size() < PLACES) {
            acts.add(Map.entry("join", this::joined));
            acts.add(Map.entry("join", this::joined));
        }
        if (members.size() > FEWEST) {
            acts.add(Map.entry("leave", (c, s) -> left(c, s, one())));
            acts.add(Map.entry("leave-leader", (c, s) -> left(c, s, leader(c))));
        }
        Map.Entry<String, Act> drawn = acts.get(random.nextInt(acts.size()));
        counts.merge(drawn.getKey(), 1, Integer::sum);
        schedule.append(' ').append(drawn.getKey());
        drawn.getValue().happen(cluster, store);
    }

    /** Mostly waits until all is well; else the next act may hit nodes that are still starting. */
    private void settle(Cluster cluster, Producer orders) throws Exception {
        if (random.nextInt(4) != 0) {
            ready(cluster);
            orders.awaitProgress();
        }
    }

    private static void commit(EventStore store, Producer orders) {
        var last = orders.acknowledged().lastEntry();
        if (last != null) {
            store.cursors().commit("reader", "orders", last.getValue()).join();
        }
    }

    private void killed(Cluster cluster, List<String> victims) throws Exception {
        schedule.append(victims);
        // A majority must be ready, or it stops what is promised to go on.
        ready(cluster);
        victims.parallelStream().forEach(cluster::kill);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(2_000)));
        for (String victim : victims) {
            start(cluster, victim);
        }
    }

    private void stopped(Cluster cluster, String victim) throws Exception {
        schedule.append(victim);
        ready(cluster);
        cluster.node(victim).terminate();
        assertThat(cluster.node(victim).awaitExit())
                .as("%s: exit code of %s", schedule, victim)
                .isZero();
        start(cluster, victim);
    }

    private void transferred(Cluster cluster, EventStore store) throws Exception {
        String to = id(cluster, one());
        schedule.append(to);
        try {
            store.nodes().transferLeadership(to).join();
        } catch (CompletionException e) {
            // It was not ready, or the others elected somebody meanwhile.
            assertThat(e).hasCauseInstanceOf(EckermannException.class);
        }
    }

    private void emptied(Cluster cluster, String victim) throws Exception {
        schedule.append(victim);
        ready(cluster);
        cluster.kill(victim);
        cluster.empty(victim);
        start(cluster, victim, BY_ITSELF);
        ready(cluster, victim);
    }

    private void joined(Cluster cluster, EventStore store) throws Exception {
        String next = cluster.ids().stream()
                .filter(id -> !members.contains(id))
                .findFirst()
                .orElseThrow();
        schedule.append(next);
        ready(cluster);
        members.add(next);
        start(cluster, next);
        changed(() -> store.nodes().add(cluster.grpc(next), CHANGE_MAX));
        ready(cluster, next);
    }

    private void left(Cluster cluster, EventStore store, String leaving) throws Exception {
        schedule.append(leaving);
        ready(cluster);
        String id = id(cluster, leaving);
        changed(() -> store.nodes().remove(id, "", CHANGE_MAX));
        assertThat(cluster.node(leaving).awaitExit())
                .as("%s: exit code of %s", schedule, leaving)
                .isZero();
        members.remove(leaving);
        cluster.empty(leaving);
    }

    /** Asks until it is done, as an operator does. */
    private void changed(Supplier<CompletableFuture<List<String>>> change) throws Exception {
        Await.until(schedule + ": the members change", () -> {
            try {
                change.get().join();
                return true;
            } catch (CompletionException e) {
                // The answer to an earlier attempt may have been lost.
                return e.getCause() instanceof EckermannException known
                        && known.code().equals("NODE_NOT_FOUND");
            }
        });
    }

    private void ready(Cluster cluster) throws Exception {
        for (String id : members) {
            ready(cluster, id);
        }
    }

    /** Starts it again, as a supervisor does, when it was to be added by a leader that was lost meanwhile. */
    private void ready(Cluster cluster, String id) throws Exception {
        Await.until(schedule + ": " + id + " is ready", () -> {
            NodeProcess node = cluster.node(id);
            if (!node.isAlive() && node.said().contains("about to be added")) {
                start(cluster, id, BY_ITSELF);
            } else if (!node.isAlive()) {
                throw new AssertionError(schedule + ": " + id + " has ended; it said:\n" + node.said());
            }
            return node.isReady();
        });
    }

    private void start(Cluster cluster, String place, String... more) throws IOException {
        List<String> settings = new ArrayList<>(List.of(more));
        TreeSet<String> nodes = new TreeSet<>(members);
        nodes.add(place);
        settings.add(cluster.nodes(nodes.toArray(String[]::new)));
        cluster.start(place, Map.of(), settings);
    }

    private String one() {
        return List.copyOf(members).get(random.nextInt(members.size()));
    }

    private List<String> some(int count) {
        List<String> all = new ArrayList<>(members);
        while (all.size() > Math.max(1, count)) {
            all.remove(random.nextInt(all.size()));
        }
        return all;
    }

    /** Where the leader is that a member names. */
    private String leader(Cluster cluster) throws Exception {
        String[] found = {""};
        Await.until(schedule + ": one leads", () -> {
            for (String place : members) {
                String leader = place(cluster.view(place).path("leader").asText());
                found[0] = members.contains(leader) && cluster.node(leader).isAlive() ? leader : found[0];
            }
            return !found[0].isEmpty();
        });
        return found[0];
    }

    /** The id that the member in a place has by now. */
    private String id(Cluster cluster, String place) throws Exception {
        String[] found = {""};
        Await.until(schedule + ": " + place + " is a member", () -> {
            for (String id : cluster.view(leader(cluster)).path("nodes").findValuesAsText("id")) {
                found[0] = place(id).equals(place) ? id : found[0];
            }
            return !found[0].isEmpty();
        });
        return found[0];
    }

    private static String place(String id) {
        return id.replaceFirst("~.*", "");
    }

    private void assertOneDigest(Cluster cluster, EventStore store) throws Exception {
        ready(cluster);
        long at = store.nodes().compareStates().join().get(0);
        List<Optional<DigestStatus>> told = new ArrayList<>();
        Await.until("all have told", () -> {
            List<NodeStatus> nodes = store.cluster().join().nodes();
            told.clear();
            nodes.forEach(node -> told.add(node.digests().stream()
                    .filter(digest -> digest.raftIndex() == at)
                    .findFirst()));
            return nodes.size() == members.size()
                    && told.stream()
                            .allMatch(digest ->
                                    digest.isPresent() && digest.get().verdict() != DigestStatus.Verdict.OPEN);
        });
        System.err.println(told);
        assertThat(told)
                .as(schedule.toString())
                .allMatch(digest -> digest.orElseThrow().verdict() == DigestStatus.Verdict.AGREES);
        for (String place : members) {
            assertThat(cluster.node(place).said()).as(place).doesNotContain("differs from that of a majority");
        }
    }
}
