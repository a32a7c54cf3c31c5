package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.grpc.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class AppendTest {
    private static final String TOPIC = "orders";

    private FakeCluster cluster;
    private EventStore store;

    @BeforeEach
    void start() throws Exception {
        cluster = new FakeCluster(3, 1);
        cluster.topic(TOPIC);
        store = cluster.connect();
    }

    @AfterEach
    void stop() {
        cluster.close();
        store.close();
    }

    @Test
    void appendTellsWhereItsEventsAre() throws Exception {
        AppendResult one = await(store.append(TOPIC, Event.of("a")));
        AppendResult two = await(store.append(TOPIC, List.of(Event.of("b"), Event.of("c"))));
        assertThat(one.first()).isEqualTo(1);
        assertThat(one.last()).isEqualTo(1);
        assertThat(two.first()).isEqualTo(2);
        assertThat(two.last()).isEqualTo(3);
        assertThat(two.head()).isEqualTo(3);
        assertThat(two.recordedNs()).isEqualTo(2000);
        assertThat(two.duplicate()).isFalse();
        assertThat(cluster.payloads(TOPIC)).containsExactly("a", "b", "c");
    }

    @Test
    void eventsThatComeWhileAppendsAreUnderWayAreBatched() throws Exception {
        List<CompletableFuture<Long>> positions = new ArrayList<>();
        try (Appender appender = store.appender(TOPIC)) {
            for (int i = 0; i < 5_000; i++) {
                positions.add(appender.append(Event.of("e" + i)));
            }
        }
        for (int i = 0; i < positions.size(); i++) {
            assertThat(positions.get(i)).isCompletedWithValue(i + 1L);
        }
        assertThat(cluster.payloads(TOPIC).get(4_999)).isEqualTo("e4999");
        assertThat(cluster.appends(TOPIC).size()).isLessThan(2_500);
    }

    @Test
    void appendsOfManyThreadsShareBatchesAndEachLearnsItsOwnResult() throws Exception {
        int threads = 64;
        int each = 20;
        List<CompletableFuture<List<AppendResult>>> writers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int size = 1 + t % 2;
            List<Event> events =
                    IntStream.range(0, size).mapToObj(i -> Event.of("x")).toList();
            CompletableFuture<List<AppendResult>> writer = new CompletableFuture<>();
            writers.add(writer);
            new Thread(() -> {
                        List<AppendResult> results = new ArrayList<>();
                        for (int i = 0; i < each; i++) {
                            results.add(store.append(TOPIC, events).join());
                        }
                        writer.complete(results);
                    })
                    .start();
        }
        boolean[] seen = new boolean[threads * each * 3 / 2 + 1];
        for (int t = 0; t < threads; t++) {
            for (AppendResult result : await(writers.get(t))) {
                assertThat(result.last() - result.first()).isEqualTo(t % 2);
                assertThat(result.head()).isGreaterThanOrEqualTo(result.last());
                for (long position = result.first(); position <= result.last(); position++) {
                    assertThat(seen[(int) position])
                            .as("position %s twice", position)
                            .isFalse();
                    seen[(int) position] = true;
                }
            }
        }
        assertThat(cluster.appends(TOPIC).size()).isLessThan(threads * each / 4);
    }

    @Test
    void manyClientsShareTheirThreads() throws Exception {
        List<EventStore> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 32; i++) {
                clients.add(cluster.connect());
                await(clients.get(i).append(TOPIC, Event.of("e" + i)));
            }
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().matches("eckermann-(io|timer).*"))
                            .count())
                    .isLessThanOrEqualTo(5);
        } finally {
            clients.forEach(EventStore::close);
        }
        assertThat(await(store.append(TOPIC, Event.of("last"))).first())
                .as("those of one that is still open go on")
                .isEqualTo(33);
    }

    @Test
    void aBatchStaysWithinItsBytes() throws Exception {
        store.close();
        store = EventStore.builder()
                .endpoints(cluster.endpoints())
                .appendBytes(1_000)
                .build();
        try (Appender appender = store.appender(TOPIC)) {
            for (int i = 0; i < 200; i++) {
                CompletableFuture<Long> unused = appender.append(Event.of("x".repeat(240)));
            }
        }
        assertThat(cluster.appends(TOPIC)).allMatch(events -> events <= 4);
        assertThat(cluster.payloads(TOPIC)).hasSize(200);
    }

    @Test
    void appendWithoutEventsIsRefusedAtOnce() {
        EckermannException error = failure(store.append(TOPIC, List.of()));
        assertThat(error.code()).isEqualTo("EMPTY_APPEND");
        assertThat(error).isInstanceOf(EckermannException.Invalid.class);
    }

    @Test
    void appendToAnUnknownTopicIsRefusedAndLeavesNoTrace() {
        EckermannException error = failure(store.append("nothing", Event.of("a")));
        assertThat(error).isInstanceOf(EckermannException.NotFound.class);
        assertThat(error.code()).isEqualTo("TOPIC_NOT_FOUND");
        assertThat(error.outcomeUnknown()).isFalse();
        assertThat(error.retryable()).isFalse();
    }

    @Test
    void aRefusedAppendLeavesNoGapForThoseBehindIt() throws Exception {
        List<CompletableFuture<AppendResult>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Event event = Event.builder()
                    .payload("e" + i)
                    .type(i % 10 == 5 ? "bad" : "good")
                    .build();
            results.add(store.append(TOPIC, event));
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            if (i % 10 == 5) {
                assertThat(failure(results.get(i)).code()).isEqualTo("EVENT_TOO_LARGE");
            } else {
                expected.add("e" + i);
                assertThat(await(results.get(i)).first()).isEqualTo(expected.size());
            }
        }
        assertThat(cluster.payloads(TOPIC)).containsExactlyElementsOf(expected);
    }

    @Test
    void oneBadEventDoesNotTakeItsBatchWithIt() throws Exception {
        List<CompletableFuture<Long>> results = new ArrayList<>();
        Appender appender = store.appender(TOPIC);
        for (int i = 0; i < 300; i++) {
            results.add(appender.append(Event.builder()
                    .payload("e" + i)
                    .type(i == 137 ? "bad" : "good")
                    .build()));
        }
        appender.close();
        assertThat(failure(results.get(137)).code()).isEqualTo("EVENT_TOO_LARGE");
        assertThat(await(results.get(136))).isEqualTo(137);
        assertThat(await(results.get(138))).isEqualTo(138);
        assertThat(cluster.payloads(TOPIC)).hasSize(299).doesNotContain("e137");
    }

    @Test
    void oneTakenIdDoesNotTakeItsBatchWithIt() throws Exception {
        List<CompletableFuture<Long>> results = new ArrayList<>();
        Appender appender = store.appender(TOPIC);
        for (int i = 0; i < 100; i++) {
            results.add(appender.append(Event.builder()
                    .payload("e" + i)
                    .id(i == 70 ? "taken" : "free" + i)
                    .build()));
        }
        appender.close();
        assertThat(failure(results.get(70)).code()).isEqualTo("EVENT_ID_EXISTS");
        assertThat(cluster.payloads(TOPIC)).hasSize(99).doesNotContain("e70");
    }

    @Test
    void aSharedBatchForAnUnknownTopicIsNotTriedInParts() throws Exception {
        cluster.lead(-1);
        Appender appender = store.appender("nothing");
        List<CompletableFuture<Long>> results = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            results.add(appender.append(Event.of("e" + i)));
        }
        cluster.lead(0);
        for (CompletableFuture<Long> result : results) {
            assertThat(failure(result).code()).isEqualTo("TOPIC_NOT_FOUND");
        }
        assertThat(cluster.met()).isLessThan(10);
    }

    @Test
    void appendsFollowTheLeader() throws Exception {
        await(store.append(TOPIC, Event.of("a")));
        cluster.lead(2);
        assertThat(await(store.append(TOPIC, Event.of("b"))).first()).isEqualTo(2);
        cluster.nodes.get(2).kill();
        cluster.lead(1);
        assertThat(await(store.append(TOPIC, Event.of("c"))).first()).isEqualTo(3);
        assertThat(cluster.payloads(TOPIC)).containsExactly("a", "b", "c");
    }

    @Test
    void anAppendWaitsForALeaderToBeElected() throws Exception {
        cluster.lead(-1);
        CompletableFuture<AppendResult> result = store.append(TOPIC, Event.of("a"));
        assertThat(catchThrowable(() -> result.get(300, TimeUnit.MILLISECONDS))).isNotNull();
        cluster.lead(0);
        assertThat(await(result).first()).isEqualTo(1);
    }

    @Test
    void withoutALeaderAnAppendEndsInTimeAndWasNotDone() {
        cluster.lead(-1);
        EckermannException error = failure(impatient().append(TOPIC, Event.of("a")));
        assertThat(error.code()).isEqualTo("NO_LEADER");
        assertThat(error.outcomeUnknown()).isFalse();
        assertThat(error.retryable()).isTrue();
    }

    @Test
    void afterAnUnknownOutcomeTheTopicGoesOn() throws Exception {
        EventStore impatient = impatient();
        cluster.meet(FakeCluster.Fate.TIMED_OUT_AFTER);
        EckermannException error = failure(impatient.append(TOPIC, Event.of("a")));
        assertThat(error.code()).isEqualTo("COMMIT_TIMED_OUT");
        assertThat(error.outcomeUnknown()).isTrue();
        cluster.meet(FakeCluster.Fate.SILENT);
        assertThat(failure(impatient.append(TOPIC, Event.of("b"))).outcomeUnknown())
                .isTrue();
        cluster.meet(FakeCluster.Fate.ANSWER);
        assertThat(await(impatient.append(TOPIC, Event.of("c"))).duplicate()).isFalse();
        assertThat(cluster.payloads(TOPIC)).containsExactly("a", "c");
    }

    @Test
    void appendsBehindAnExpiredOneKeepTheirOwnDeadlines() throws Exception {
        store.close();
        // So that each is sent at once, and not with what comes next.
        store = EventStore.builder()
                .endpoints(cluster.endpoints())
                .requestTimeout(Duration.ofSeconds(2))
                .appendBytes(1)
                .build();
        EventStore impatient = store;
        cluster.meet(FakeCluster.Fate.SILENT);
        CompletableFuture<AppendResult> early = impatient.append(TOPIC, Event.of("a"));
        Await.until("the first is sent", () -> cluster.met() > 0);
        assertThat(catchThrowable(() -> early.get(1, TimeUnit.SECONDS))).isNotNull();
        CompletableFuture<AppendResult> late = impatient.append(TOPIC, Event.of("b"));
        assertThat(failure(early).outcomeUnknown()).isTrue();
        assertThat(late).isNotDone();
        cluster.meet(FakeCluster.Fate.ANSWER);
        cluster.nodes.get(0).kill();
        cluster.lead(1);
        assertThat(await(late).first()).isEqualTo(2);
        assertThat(cluster.payloads(TOPIC)).containsExactly("a", "b");
    }

    @Test
    void anEventRefusedForItsBytesIsNotUnknownAfterABrokenStream() throws Exception {
        cluster.meet(FakeCluster.Fate.DROP_BEFORE);
        CompletableFuture<AppendResult> bad =
                store.append(TOPIC, Event.builder().payload("a").type("bad").build());
        CompletableFuture<AppendResult> good = store.append(TOPIC, Event.of("b"));
        Await.until("the stream has broken", () -> cluster.met() > 0);
        cluster.meet(FakeCluster.Fate.ANSWER);
        EckermannException error = failure(bad);
        assertThat(error.code()).isEqualTo("EVENT_TOO_LARGE");
        assertThat(error.outcomeUnknown()).isFalse();
        assertThat(await(good).first()).isEqualTo(1);
    }

    @Test
    void aRetryFindsWhatTheBrokenStreamLeft() throws Exception {
        cluster.meet(FakeCluster.Fate.DROP_AFTER);
        CompletableFuture<AppendResult> result = store.append(TOPIC, Event.of("a"));
        Await.until("the append is taken", () -> cluster.payloads(TOPIC).size() == 1);
        cluster.meet(FakeCluster.Fate.ANSWER);
        assertThat(await(result).duplicate()).isTrue();
        assertThat(cluster.payloads(TOPIC)).containsExactly("a");
    }

    @Test
    void aFullBufferRefusesWhenItMayNotWait() throws Exception {
        store.close();
        store = EventStore.builder()
                .endpoints(cluster.endpoints())
                .bufferBytes(4 << 20)
                .bufferWait(Duration.ZERO)
                .requestTimeout(Duration.ofSeconds(40))
                .build();
        cluster.meet(FakeCluster.Fate.SILENT);
        Appender appender = store.appender(TOPIC);
        List<CompletableFuture<Long>> taken = new ArrayList<>();
        Event event = Event.of(new byte[1 << 20]);
        for (int i = 0; i < 3; i++) {
            taken.add(appender.append(event));
        }
        EckermannException error = failure(appender.append(event));
        assertThat(error.code()).isEqualTo("OVERLOADED");
        assertThat(error.outcomeUnknown()).isFalse();
        cluster.meet(FakeCluster.Fate.ANSWER);
        cluster.nodes.get(0).kill();
        cluster.nodes.get(0).start();
        for (CompletableFuture<Long> position : taken) {
            await(position);
        }
        assertThat(await(appender.append(event))).isEqualTo(4);
    }

    @Test
    void whatACallerServesMayEndBeforeTheStreamThatItOpened() throws Exception {
        Context.CancellableContext served = Context.current().withCancellation();
        await(served.call(() -> store.append(TOPIC, Event.of("from within a call"))));
        int opened = cluster.appendStreams.get();
        served.cancel(null);
        assertThat(await(store.append(TOPIC, Event.of("behind it"))).first()).isEqualTo(2);
        assertThat(cluster.appendStreams).hasValue(opened);
    }

    @Test
    void closingWaitsForWhatIsUnderWay() throws Exception {
        CompletableFuture<Long> position = store.appender(TOPIC).append(Event.of("a"));
        store.close();
        assertThat(position).isCompletedWithValue(1L);
        assertThat(failure(store.append(TOPIC, Event.of("b"))).code()).isEqualTo("NOT_READY");
        Await.until(
                "threads end",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("eckermann-")));
    }

    private EventStore impatient() {
        store.close();
        store = EventStore.builder()
                .endpoints(cluster.endpoints())
                .requestTimeout(Duration.ofSeconds(2))
                .build();
        return store;
    }

    static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(50, TimeUnit.SECONDS);
    }

    static EckermannException failure(CompletableFuture<?> future) {
        Throwable error =
                catchThrowable(() -> future.orTimeout(50, TimeUnit.SECONDS).join());
        if (error instanceof CompletionException && error.getCause() instanceof EckermannException known) {
            return known;
        }
        throw new AssertionError("Expected a failure of the store, met " + error, error);
    }
}
