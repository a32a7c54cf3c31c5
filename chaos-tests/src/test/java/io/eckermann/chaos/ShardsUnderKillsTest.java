package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.CreatedTopic;
import io.eckermann.client.EventStore;
import io.eckermann.client.TopicSettings;
import io.eckermann.statemachine.StateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes of a cluster with several shards are killed with SIGKILL under load on topics of all shards: one that leads some, two, and
 * all at once, with topics made meanwhile. {@code -Dchaos.seed} repeats a schedule, {@code -Dchaos.rounds} makes it longer.
 */
@EnabledIfSystemProperty(named = "chaos.shards", matches = "true")
class ShardsUnderKillsTest {
    private static final int SHARDS = 4;
    private static final long SEED = Long.getLong("chaos.seed", 20_261);
    private static final int ROUNDS = Integer.getInteger("chaos.rounds", 6);

    @TempDir
    private Path directory;

    private final StringBuilder schedule = new StringBuilder("seed " + SEED + ":");
    private final List<Producer> producers = new ArrayList<>();

    @Test
    void everyShardKeepsWhatItAcknowledgedOnceAndInOrderOnAllNodes() throws Exception {
        try (Cluster cluster = new Cluster(
                        directory,
                        3,
                        "shards=" + SHARDS,
                        "raft.segment-size=1MiB",
                        "raft.snapshot-after=2MiB",
                        "raft.entries-kept=500");
                EventStore store = cluster.client(Duration.ofSeconds(60))) {
            cluster.startAll();
            for (int shard = 0; shard < SHARDS; shard++) {
                store.topics()
                        .create("t" + shard, TopicSettings.DEFAULTS, shard)
                        .join();
                producers.add(new Producer(store, "t" + shard, "p" + shard, 200, 4_000_000));
            }
            awaitProgress();
            Random random = new Random(SEED);
            for (int round = 0; round < ROUNDS; round++) {
                kill(cluster, store, round, random);
            }
            producers.forEach(Producer::finish);
            for (int shard = 0; shard < SHARDS; shard++) {
                judge(cluster, store, shard);
            }
            judgeStates(cluster);
        } finally {
            producers.forEach(Producer::close);
        }
    }

    private void awaitProgress() throws Exception {
        for (Producer producer : producers) {
            producer.awaitProgress();
        }
    }

    private void kill(Cluster cluster, EventStore store, int round, Random random) throws Exception {
        List<String> victims = victims(cluster, round, random);
        schedule.append(" kill ").append(String.join("+", victims));
        victims.parallelStream().forEach(cluster::kill);
        // Its name may be placed, or not, before its shard has a leader again.
        var late = store.topics().create("late" + round);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(1_500)));
        if (victims.size() == 1) {
            awaitProgress();
        }
        for (String victim : victims) {
            cluster.start(victim);
        }
        cluster.awaitReady();
        awaitProgress();
        CreatedTopic again = store.topics().create("late" + round).join();
        assertThat(again.topic().id())
                .as("%s: a topic made meanwhile is one", schedule)
                .isEqualTo(late.join().topic().id());
    }

    /** Who leads one shard, two of the nodes, or all of them, in turn. */
    private static List<String> victims(Cluster cluster, int round, Random random) throws Exception {
        List<String> ids = cluster.ids();
        return switch (round % 3) {
            case 0 -> List.of(leader(cluster, random.nextInt(SHARDS)));
            case 1 -> {
                int spared = random.nextInt(ids.size());
                yield ids.stream().filter(id -> !id.equals(ids.get(spared))).toList();
            }
            default -> ids;
        };
    }

    private static String leader(Cluster cluster, int shard) throws Exception {
        String[] leader = {""};
        Await.until("shard " + shard + " has a leader", () -> {
            leader[0] =
                    cluster.view("n1").path("shards").path(shard).path("leader").asText("");
            return cluster.ids().contains(leader[0]);
        });
        return leader[0];
    }

    private void judge(Cluster cluster, EventStore store, int shard) throws Exception {
        String topic = "t" + shard;
        Producer producer = producers.get(shard);
        System.err.println(schedule + " " + producer);
        assertThat(producer.refused()).as(schedule.toString()).isEmpty();
        History.assertOnAll(cluster, store, topic, schedule.toString(), producer);
    }

    /** Nothing goes on any more: so all nodes come to the same state, shard by shard. */
    private void judgeStates(Cluster cluster) throws Exception {
        Await.until("all nodes have applied the same", () -> {
            for (JsonNode shard : cluster.view("n1").path("shards")) {
                Set<Long> applied = new HashSet<>();
                shard.path("nodes")
                        .forEach(node -> applied.add(node.path("applied").asLong()));
                if (applied.size() != 1 || shard.path("nodes").size() != 3) {
                    return false;
                }
            }
            return true;
        });
        for (String id : cluster.ids()) {
            cluster.node(id).terminate();
        }
        for (String id : cluster.ids()) {
            assertThat(cluster.node(id).awaitExit()).as("exit code of " + id).isZero();
        }
        for (int shard = 0; shard < SHARDS; shard++) {
            Set<String> digests = new HashSet<>();
            for (String id : cluster.ids()) {
                digests.add(digest(cluster.data(id), shard));
            }
            assertThat(digests).as("%s: states of shard %d", schedule, shard).hasSize(1);
        }
    }

    private static String digest(Path data, int shard) throws IOException {
        Path state = shard == 0 ? data.resolve("state") : data.resolve("shards/" + shard + "/state");
        try (StateMachine opened = StateMachine.open(state)) {
            return opened.digest();
        }
    }
}
