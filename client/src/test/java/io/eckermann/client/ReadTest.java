package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eckermann.protocol.v1.ReadRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ReadTest {
    private static final String TOPIC = "orders";

    private FakeCluster cluster;
    private EventStore store;

    @BeforeEach
    void start() throws Exception {
        cluster = new FakeCluster(3, 1);
        store = cluster.connect();
    }

    @AfterEach
    void stop() {
        store.close();
        cluster.close();
    }

    @Test
    void readsEverythingInOrderWithPositionsAndTimes() {
        cluster.fill(TOPIC, 95);
        List<RecordedEvent> events = all(ReadOptions.ALL);
        assertThat(events).extracting(RecordedEvent::position).isEqualTo(range(1, 95));
        assertThat(events).allMatch(e -> e.event().payloadText().equals("e" + e.position()));
        assertThat(events).allMatch(e -> e.recordedNs() == 7_000 + e.position());
        assertThat(events.get(0).topic()).isEqualTo(TOPIC);
    }

    @Test
    void readsASliceAndTheLastAndBackward() {
        cluster.fill(TOPIC, 50);
        assertThat(positions(ReadOptions.builder().from(17).limit(15).build())).isEqualTo(range(17, 31));
        assertThat(positions(ReadOptions.builder().after(45).build())).isEqualTo(range(46, 50));
        assertThat(positions(ReadOptions.builder().last(3).build())).isEqualTo(range(48, 50));
        assertThat(positions(ReadOptions.builder().backward().limit(12).build()))
                .isEqualTo(
                        LongStream.rangeClosed(39, 50).map(p -> 89 - p).boxed().toList());
    }

    @Test
    void chunksAreReadAsTheyTravelAndDecodedWhenAsked() {
        cluster.fill(TOPIC, 95);
        long next = 5;
        List<Long> positions = new ArrayList<>();
        ReadOptions options = ReadOptions.builder().from(next).build();
        try (ChunkStream chunks = store.openChunks(TOPIC, options)) {
            while (chunks.hasNext()) {
                RecordedChunk chunk = chunks.next();
                assertThat(chunk.topic()).isEqualTo(TOPIC);
                assertThat(chunk.first()).isEqualTo(next);
                assertThat(chunk.last()).isEqualTo(next + chunk.count() - 1);
                assertThat(chunk.firstRecordedNs()).isEqualTo(7_000 + next);
                assertThat(chunk.bytes()).isEqualTo(chunk.body().remaining()).isPositive();
                assertThat(chunk.encoding()).isIn("PLAIN", "ZSTD");
                assertThat(chunk.events()).allMatch(e -> e.event().payloadText().equals("e" + e.position()));
                chunk.events().forEach(event -> positions.add(event.position()));
                next += chunk.count();
            }
            assertThat(chunks.ended()).isTrue();
            assertThat(chunks.poll(Duration.ZERO)).isEmpty();
        }
        assertThat(positions).isEqualTo(range(5, 95));
    }

    @Test
    void chunksOfAReadThatIsCutOffGoOnWithoutGapOrDuplicate() {
        cluster.fill(TOPIC, 200);
        cluster.nodes.forEach(node -> node.log.readFramesMax = 3);
        List<Long> positions = new ArrayList<>();
        try (ChunkStream chunks = store.openChunks(TOPIC, ReadOptions.ALL)) {
            chunks.forEachRemaining(chunk -> chunk.events().forEach(event -> positions.add(event.position())));
        }
        assertThat(positions).isEqualTo(range(1, 200));
    }

    @Test
    void aCorruptChunkFailsItsStreamForGood() {
        cluster.fill(TOPIC, 5);
        cluster.nodes.forEach(node -> node.log.corrupt = true);
        try (ChunkStream chunks = store.openChunks(TOPIC, ReadOptions.ALL)) {
            for (int k = 0; k < 2; k++) {
                Throwable error = catchThrowable(chunks::hasNext);
                assertThat(error).isInstanceOf(EckermannException.class);
                assertThat(((EckermannException) error).code()).isEqualTo("DATA_CORRUPT");
            }
            assertThat(chunks.ended()).isTrue();
        }
    }

    @Test
    void aReadThatFailedHasNotEndedBeforeItSaidSo() {
        cluster.fill(TOPIC, 5);
        cluster.nodes.forEach(node -> node.log.corrupt = true);
        try (EventStream events = store.open(TOPIC, ReadOptions.ALL)) {
            Await.until("the chunk is sent", () -> framesSent() > 0);
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            while (System.nanoTime() < endNs) {
                assertThat(events.ended()).isFalse();
            }
            Throwable error = catchThrowable(() -> events.poll(Duration.ofSeconds(40)));
            assertThat(error).isInstanceOf(EckermannException.class);
            assertThat(events.ended()).isTrue();
        }
    }

    @Test
    void aReadThatNobodyTookFromSurvivesALostConnection() {
        Duration patience = Duration.ofSeconds(3);
        store.close();
        store = EventStore.builder()
                .endpoints(cluster.endpoints())
                .requestTimeout(patience)
                .build();
        cluster.fill(TOPIC, 60, new byte[120_000]);
        for (FakeNode node : cluster.nodes) {
            node.log.readFramesMax = 2;
            node.log.breaksHeld = true;
        }
        AtomicLong lost = new AtomicLong();
        ReadListener listener = new ReadListener() {
            @Override
            public void reconnecting(EckermannException cause) {
                lost.incrementAndGet();
            }
        };
        try (EventStream events = store.open(TOPIC, ReadOptions.ALL, listener)) {
            Await.until("its buffer is full", () -> framesSent() == 2);
            long fullNs = System.nanoTime();
            Await.until(
                    "more than its patience passes",
                    () -> System.nanoTime() - fullNs > patience.plusSeconds(1).toNanos());
            for (FakeNode node : cluster.nodes) {
                node.log.breaksHeld = false;
            }
            Await.until("it goes on", () -> lost.get() > 0);
            cluster.nodes.forEach(node -> node.log.readFramesMax = 0);
            assertThat(events.stream().map(RecordedEvent::position).toList()).isEqualTo(range(1, 60));
        }
    }

    private int framesSent() {
        return cluster.nodes.stream()
                .mapToInt(node -> node.log.framesSent.get())
                .sum();
    }

    @Test
    void anEmptyTopicHasNoEventsAndIsCaughtUp() {
        cluster.topic(TOPIC);
        AtomicLong caughtUp = new AtomicLong(-1);
        try (EventStream stream = store.open(TOPIC, ReadOptions.ALL, new ReadListener() {
            @Override
            public void caughtUp(long head, long next, boolean complete) {
                caughtUp.set(head);
            }
        })) {
            assertThat(stream.hasNext()).isFalse();
            assertThat(stream.ended()).isTrue();
        }
        assertThat(caughtUp).hasValue(0);
    }

    @Test
    void aReadThatIsCutOffGoesOnWithoutGapOrDuplicate() {
        cluster.fill(TOPIC, 400);
        cluster.nodes.forEach(node -> node.log.readFramesMax = 3);
        List<EckermannException> lost = new CopyOnWriteArrayList<>();
        ReadListener listener = new ReadListener() {
            @Override
            public void reconnecting(EckermannException cause) {
                lost.add(cause);
            }
        };
        try (EventStream stream =
                store.open(TOPIC, ReadOptions.builder().from(5).limit(120).build(), listener)) {
            assertThat(stream.stream().map(RecordedEvent::position).toList()).isEqualTo(range(5, 124));
        }
        assertThat(lost).isNotEmpty();
    }

    @Test
    void aBackwardReadThatIsCutOffGoesOnToo() {
        cluster.fill(TOPIC, 100);
        cluster.nodes.forEach(node -> node.log.readFramesMax = 2);
        List<Long> down =
                LongStream.rangeClosed(31, 100).map(p -> 131 - p).boxed().toList();
        assertThat(positions(ReadOptions.builder().backward().last(70).build())).isEqualTo(down);
    }

    @Test
    void aSubscriptionSurvivesLostNodes() throws Exception {
        cluster.fill(TOPIC, 25);
        List<Long> seen = new CopyOnWriteArrayList<>();
        AtomicLong caughtUp = new AtomicLong();
        EventListener listener = new EventListener() {
            @Override
            public void event(RecordedEvent event) {
                seen.add(event.position());
            }

            @Override
            public void caughtUp(long head, long next, boolean complete) {
                caughtUp.set(head);
            }
        };
        try (Subscription subscription = store.subscribe(TOPIC, ReadOptions.ALL, listener)) {
            Await.until("the past", () -> seen.size() == 25 && caughtUp.get() == 25);
            for (int round = 0; round < 3; round++) {
                FakeNode node = cluster.nodes.get(round % 2);
                node.kill();
                cluster.fill(TOPIC, 20);
                int expected = 45 + 20 * round;
                Await.until("events of round " + round, () -> seen.size() == expected);
                node.start();
            }
            assertThat(seen).isEqualTo(range(1, 85));
            assertThat(subscription.done()).isNotDone();
        }
    }

    @Test
    void whatComesWhileAnIdleSubscriptionIsCutOffIsNotMissed() throws Exception {
        cluster.topic(TOPIC);
        List<Long> seen = new CopyOnWriteArrayList<>();
        AtomicLong started = new AtomicLong();
        EventListener listener = new EventListener() {
            @Override
            public void started(long position, long head, boolean snapped) {
                started.set(position);
            }

            @Override
            public void event(RecordedEvent event) {
                seen.add(event.position());
            }
        };
        try (Subscription subscription =
                store.subscribe(TOPIC, ReadOptions.builder().last(5).build(), listener)) {
            Await.until("it began", () -> started.get() == 1);
            cluster.nodes.forEach(FakeNode::kill);
            cluster.fill(TOPIC, 30);
            for (FakeNode node : cluster.nodes) {
                node.start();
            }
            Await.until("all of them", () -> seen.size() >= 30);
            assertThat(seen).isEqualTo(range(1, 30));
            assertThat(subscription.done()).isNotDone();
        }
    }

    @Test
    void aSlowSubscriberMakesNobodyBuffer() throws Exception {
        cluster.fill(TOPIC, 300, new byte[100_000]);
        Slow slow = new Slow();
        store.read(TOPIC, ReadOptions.ALL).subscribe(slow);
        Flow.Subscription demand = slow.subscribed.get(40, TimeUnit.SECONDS);
        demand.request(5);
        Await.until("five events", () -> slow.seen.size() == 5);
        FakeLog log = cluster.nodes.get(0).log;
        // The client holds two frames of ten events; the transport's window is a megabyte, a frame as much.
        assertThat(log.framesSent.get()).isLessThanOrEqualTo(6);
        assertThat(slow.seen).hasSize(5);
        demand.request(1_000);
        Await.until("the end", () -> slow.done);
        assertThat(slow.seen).isEqualTo(range(1, 300));
        assertThat(log.framesSent.get()).isEqualTo(30);
    }

    @Test
    void aCorruptChunkIsNotHandedOver() {
        cluster.fill(TOPIC, 5);
        cluster.nodes.forEach(node -> node.log.corrupt = true);
        Throwable error = catchThrowable(() -> all(ReadOptions.ALL));
        assertThat(error).isInstanceOf(EckermannException.class);
        assertThat(((EckermannException) error).code()).isEqualTo("DATA_CORRUPT");
    }

    @Test
    void readingAnUnknownTopicFailsAtOnce() {
        Throwable error = catchThrowable(() -> all(ReadOptions.ALL));
        assertThat(error).isInstanceOf(EckermannException.NotFound.class);
        assertThat(((EckermannException) error).facts()).containsEntry("topic", TOPIC);
    }

    @Test
    void aListenerThatThrowsEndsItsSubscription() {
        cluster.fill(TOPIC, 3);
        CompletableFuture<Void> done;
        try (Subscription subscription = store.subscribe(TOPIC, ReadOptions.ALL, event -> {
            throw new IllegalStateException("enough");
        })) {
            done = subscription.done();
            assertThat(catchThrowable(() -> done.get(40, TimeUnit.SECONDS))).hasRootCauseMessage("enough");
        }
    }

    @Test
    void aListenerThatThrowsAnErrorEndsItsSubscriptionToo() {
        cluster.fill(TOPIC, 3);
        try (Subscription subscription = store.subscribe(TOPIC, ReadOptions.ALL, event -> {
            throw new AssertionError("enough");
        })) {
            CompletableFuture<Void> done = subscription.done();
            assertThat(catchThrowable(() -> done.get(40, TimeUnit.SECONDS))).hasRootCauseMessage("enough");
        }
    }

    @Test
    void optionsReachTheServer() {
        cluster.fill(TOPIC, 3);
        ReadOptions options = ReadOptions.builder()
                .timeNs(7, ReadOptions.Seek.NEAREST)
                .untilNs(9)
                .maxBytes(11)
                .atLeast(2)
                .consistency(Consistency.LOCAL)
                .build();
        assertThat(all(options)).hasSize(3);
        ReadRequest request = cluster.nodes.get(0).log.lastRead;
        assertThat(request.getTime().getRecordedNs()).isEqualTo(7);
        assertThat(request.getTime().getSeek().name()).isEqualTo("NEAREST");
        assertThat(request.getUntilNs()).isEqualTo(9);
        assertThat(request.getMaxBytes()).isEqualTo(11);
        assertThat(request.getAtLeast()).isEqualTo(2);
        assertThat(request.getConsistency()).isEqualTo(io.eckermann.protocol.v1.Consistency.LOCAL);
        assertThat(request.getFormat()).isEqualTo(ReadRequest.Format.CHUNKS);
    }

    private List<RecordedEvent> all(ReadOptions options) {
        try (EventStream stream = store.open(TOPIC, options)) {
            return stream.stream().toList();
        }
    }

    private List<Long> positions(ReadOptions options) {
        return all(options).stream().map(RecordedEvent::position).toList();
    }

    private static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    /** A subscriber that asks for nothing by itself. */
    private static final class Slow implements Flow.Subscriber<RecordedEvent> {
        final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        final List<Long> seen = new CopyOnWriteArrayList<>(new ArrayList<>());
        volatile boolean done;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscribed.complete(subscription);
        }

        @Override
        public void onNext(RecordedEvent event) {
            seen.add(event.position());
        }

        @Override
        public void onError(Throwable error) {
            done = true;
        }

        @Override
        public void onComplete() {
            done = true;
        }
    }
}
