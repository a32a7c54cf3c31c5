package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many appends through many faults; the seed is in the test's name. */
@Timeout(180)
final class AppendStressTest {
    private static final String TOPIC = "stress";
    private static final int CALLS = 600;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void everyAcknowledgedEventIsThereOnceAndInOrder(long seed) throws Exception {
        Random random = new Random(seed);
        List<CompletableFuture<Long>> results = new ArrayList<>();
        List<Boolean> bad = new ArrayList<>();
        try (FakeCluster cluster = new FakeCluster(3, seed);
                EventStore store = EventStore.builder()
                        .endpoints(cluster.endpoints())
                        .requestTimeout(Duration.ofSeconds(60))
                        .appendBytes(200)
                        .build()) {
            cluster.topic(TOPIC);
            synchronized (cluster) {
                cluster.faultsPerMille = 100;
            }
            Appender appender = store.appender(TOPIC);
            for (int i = 0; i < CALLS; i++) {
                boolean refused = random.nextInt(50) == 0;
                Event event = Event.builder()
                        .payload("e" + i)
                        .type(refused ? "bad" : "")
                        .build();
                bad.add(refused);
                if (random.nextInt(3) == 0) {
                    results.add(store.append(TOPIC, event).thenApply(AppendResult::first));
                } else {
                    results.add(appender.append(event));
                }
                if (random.nextInt(40) == 0) {
                    synchronized (cluster) {
                        cluster.leader = random.nextInt(3);
                    }
                }
                if (random.nextInt(60) == 0) {
                    appender.flush().get(100, TimeUnit.SECONDS);
                }
            }
            appender.flush().get(100, TimeUnit.SECONDS);
            check(cluster, results, bad);
        }
    }

    /** Decisions are made in the order of the calls, so each is known beforehand: every second one holds. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {5, 6})
    void everyConditionIsDecidedOnce(long seed) throws Exception {
        Random random = new Random(seed);
        List<CompletableFuture<AppendResult>> results = new ArrayList<>();
        List<String> held = new ArrayList<>();
        try (FakeCluster cluster = new FakeCluster(3, seed);
                EventStore store = EventStore.builder()
                        .endpoints(cluster.endpoints())
                        .requestTimeout(Duration.ofSeconds(100))
                        .build()) {
            cluster.topic(TOPIC);
            synchronized (cluster) {
                cluster.faultsPerMille = 100;
            }
            for (int i = 0; i < CALLS; i++) {
                AppendOptions options =
                        AppendOptions.builder().expectedHead(i / 2).build();
                results.add(store.append(TOPIC, List.of(Event.of("e" + i)), options));
                if (i % 2 == 0) {
                    held.add("e" + i);
                }
                if (random.nextInt(40) == 0) {
                    synchronized (cluster) {
                        cluster.leader = random.nextInt(3);
                    }
                }
            }
            for (int i = 0; i < CALLS; i++) {
                if (i % 2 == 0) {
                    assertThat(AppendTest.await(results.get(i)).first()).isEqualTo(1 + i / 2);
                } else {
                    EckermannException refused = AppendTest.failure(results.get(i));
                    assertThat(refused).isInstanceOf(EckermannException.ConditionFailed.class);
                    assertThat(refused.outcomeUnknown()).isFalse();
                }
            }
            assertThat(cluster.payloads(TOPIC)).isEqualTo(held);
        }
    }

    private static void check(FakeCluster cluster, List<CompletableFuture<Long>> results, List<Boolean> bad)
            throws Exception {
        List<String> recorded = cluster.payloads(TOPIC);
        assertThat(recorded).doesNotHaveDuplicates();
        long before = 0;
        for (int i = 0; i < results.size(); i++) {
            CompletableFuture<Long> result = results.get(i);
            assertThat(result).isDone();
            if (bad.get(i)) {
                assertThat(result).isCompletedExceptionally();
                assertThat(recorded).doesNotContain("e" + i);
            } else if (!result.isCompletedExceptionally()) {
                assertThat(recorded.get(Math.toIntExact(result.get() - 1))).isEqualTo("e" + i);
                assertThat(result.get()).isGreaterThan(before);
                before = result.get();
            } else {
                assertThat(AppendTest.failure(result).outcomeUnknown()).isTrue();
            }
        }
        assertThat(results)
                .filteredOn(result -> !result.isCompletedExceptionally())
                .hasSizeGreaterThan(CALLS * 8 / 10);
    }
}
