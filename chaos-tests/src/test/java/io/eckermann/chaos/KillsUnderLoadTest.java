package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.chaos.History.Recorded;
import io.eckermann.client.Consistency;
import io.eckermann.client.EckermannException;
import io.eckermann.client.EventStore;
import io.eckermann.client.ReadOptions;
import io.eckermann.client.Subscription;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes are killed with SIGKILL, one, two or all, while clients append, commit and follow, and others append under
 * conditions; nothing acknowledged may be lost, doubled or out of order, and every condition must have held.
 * {@code -Dchaos.seed} repeats a schedule, {@code -Dchaos.seconds} makes it longer, and {@code -Dchaos.decisions} goes on
 * until each of the eight who decide has tried so many appends.
 */
@EnabledIfSystemProperty(named = "chaos.long", matches = "true")
class KillsUnderLoadTest {
    /** The same schedule in every build; longer runs should draw others. */
    private static final long SEED = Long.getLong("chaos.seed", 186_849);

    private static final long SECONDS = Long.getLong("chaos.seconds", 8);

    private static final long DECISIONS = Long.getLong("chaos.decisions", 100);

    @TempDir
    private Path directory;

    private final StringBuilder schedule = new StringBuilder("seed " + SEED + ":");

    @Test
    void nothingAcknowledgedIsLostDoubledOrOutOfOrder() throws Exception {
        try (Cluster cluster = new Cluster(
                        directory, 3, "raft.segment-size=1MiB", "raft.snapshot-after=2MiB", "raft.entries-kept=500");
                EventStore patient = cluster.client(Duration.ofSeconds(60));
                EventStore hasty = cluster.client(Duration.ofMillis(700))) {
            cluster.startAll();
            patient.topics().create("orders").join();
            patient.topics().create("hints").join();
            patient.topics().create("decisions").join();
            List<Recorded> followed = new CopyOnWriteArrayList<>();
            try (Producer orders = new Producer(patient, "orders", "p1", 200, 2_000_000);
                    Producer others = new Producer(patient, "hints", "p2", 200, 4_000_000);
                    Producer hints = new Producer(hasty, "hints", "p3", 200, 4_000_000);
                    Deciders deciders = new Deciders(patient, hasty, "decisions");
                    Committer committer = new Committer(patient, "orders", orders);
                    EventStore reader = cluster.client(Duration.ofSeconds(30));
                    Subscription live = reader.subscribe(
                            "orders",
                            ReadOptions.builder()
                                    .from(1)
                                    .consistency(Consistency.LOCAL)
                                    .build(),
                            event -> followed.add(Recorded.of(
                                    event.position(),
                                    event.recordedNs(),
                                    event.event().payloadText())))) {
                orders.awaitProgress();
                breakThings(cluster, orders, deciders);
                deciders.finish();
                hints.finish();
                others.finish();
                orders.finish();
                committer.finish();
                judge(cluster, patient, orders, others, hints);
                committer.judge(schedule.toString());
                judgeFollowed(cluster, orders, followed, live);
                System.err.println(deciders);
                deciders.judge(cluster, schedule.toString());
            }
        }
    }

    private void breakThings(Cluster cluster, Producer orders, Deciders deciders) throws Exception {
        Random random = new Random(SEED);
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        boolean allOnce = false;
        for (int round = 0; System.nanoTime() - endNs < 0 || !allOnce || !deciders.haveTried(DECISIONS); round++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500 + random.nextInt(1500)));
            List<String> victims = victims(cluster, random, round);
            allOnce |= victims.size() == 3;
            schedule.append(" kill ").append(String.join("+", victims));
            victims.parallelStream().forEach(cluster::kill);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(1500)));
            for (String victim : victims) {
                cluster.start(victim);
            }
            if (random.nextInt(4) != 0) { // else the next kill may hit nodes that are still starting
                cluster.awaitReady();
                orders.awaitProgress();
            }
        }
        cluster.awaitReady();
        orders.awaitProgress();
    }

    private static List<String> victims(Cluster cluster, Random random, int round) throws Exception {
        List<String> ids = cluster.ids();
        int choice = round == 1 ? 9 : random.nextInt(9);
        int one = random.nextInt(3);
        if (choice == 9) {
            return ids;
        }
        if (choice >= 7) {
            return List.of(ids.get(one), ids.get((one + 1) % 3));
        }
        return List.of(choice >= 4 ? cluster.leader() : ids.get(one));
    }

    private void judge(Cluster cluster, EventStore store, Producer orders, Producer others, Producer hints)
            throws Exception {
        String context = schedule.toString();
        System.err.println(context + "\n" + orders + "\n" + others + "\n" + hints);
        assertThat(orders.refused()).as(context).isEmpty();
        History.assertOnAll(cluster, store, "orders", context, orders);
        History.assertOnAll(cluster, store, "hints", context, others, hints);
    }

    private void judgeFollowed(Cluster cluster, Producer orders, List<Recorded> followed, Subscription live)
            throws Exception {
        List<Recorded> held = History.of(
                        cluster.events("n1", "orders", orders.acknowledged().size()))
                .events();
        Await.until(
                "the live read has got all",
                () -> followed.size() >= held.size() || live.done().isDone());
        assertThat(live.done()).as(schedule.toString()).isNotDone();
        assertThat(followed.equals(held))
                .as("%s: the live read saw the same", schedule)
                .isTrue();
    }

    /** Commits a cursor behind the producer and looks where it is. */
    private static final class Committer implements AutoCloseable {
        private final EventStore store;
        private final String topic;
        private final Producer producer;
        private final Thread thread = new Thread(this::run, "committer");
        private final List<String> wrong = new CopyOnWriteArrayList<>();
        private volatile boolean stopping;
        private volatile long committed;

        Committer(EventStore store, String topic, Producer producer) {
            this.store = store;
            this.topic = topic;
            this.producer = producer;
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            long seen = 0;
            while (!stopping) {
                LockSupport.parkNanos(20_000_000);
                var last = producer.acknowledged().lastEntry();
                if (last == null) {
                    continue;
                }
                try {
                    committed = store.cursors()
                            .commit("reader", topic, last.getValue())
                            .join()
                            .position();
                    long now = store.cursors().get("reader", topic).join().position();
                    if (now < committed || now < seen) {
                        wrong.add("at " + now + " after a commit of " + committed + " and a look at " + seen);
                    }
                    seen = now;
                } catch (CompletionException e) {
                    if (!(e.getCause() instanceof EckermannException.Unavailable)) {
                        wrong.add(String.valueOf(e.getCause()));
                    }
                }
            }
        }

        void judge(String context) {
            assertThat(wrong).as("%s: the cursor went back", context).isEmpty();
            assertThat(committed).as("%s: commits", context).isPositive();
            assertThat(store.cursors().get("reader", topic).join().position())
                    .as("%s: the cursor", context)
                    .isGreaterThanOrEqualTo(committed);
        }

        void finish() throws InterruptedException {
            stopping = true;
            thread.join();
        }

        @Override
        public void close() {
            stopping = true;
        }
    }
}
