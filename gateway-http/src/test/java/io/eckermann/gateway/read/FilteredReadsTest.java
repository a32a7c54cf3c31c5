package io.eckermann.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.Answers;
import io.eckermann.gateway.StoredShard;
import io.eckermann.gateway.Threads;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.CaughtUp;
import io.eckermann.protocol.v1.ChunkSlice;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads with an expression, over the real state machine. Event n has {@code {"n": n}}; even ones are of type Even. */
class FilteredReadsTest {
    private static final int EVENTS = 100;

    private final Threads threads = new Threads();
    private final StoredShard stored;
    private final AppendHandler appends;
    private final ReadHandler reads;
    private final TopicHandler topics;

    FilteredReadsTest(@TempDir Path directory) {
        stored = new StoredShard(directory);
        appends = new AppendHandler(stored.shard(), threads.reads, Idempotency.USUAL, Quotas.NONE);
        reads = new ReadHandler(stored.shard(), threads.reads, threads.reads, threads.timer);
        topics = new TopicHandler(stored.shard(), threads.reads);
    }

    @BeforeEach
    void fill() {
        Answers.of(
                topics.create(CreateTopicRequest.newBuilder().setName("numbers").build(), Answers.LONG));
        for (int from = 1; from <= EVENTS; from += 10) {
            append(from, from + 9);
        }
    }

    @AfterEach
    void stop() {
        threads.close();
        Answers.await(threads::stopped);
        stored.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"EVENTS", "CHUNKS"})
    void findsWhatIsTrueOf(ReadRequest.Format format) {
        ReadRequest.Builder request = filtered("data.n % 10 == 3").setFormat(format);
        assertThat(positions(request)).containsExactly(3L, 13L, 23L, 33L, 43L, 53L, 63L, 73L, 83L, 93L);
        assertThat(positions(request.clone().setFrom(50).setTo(80))).containsExactly(53L, 63L, 73L);
        assertThat(positions(request.clone().setFrom(50).setLimit(2))).containsExactly(53L, 63L);
        assertThat(positions(request.clone().setDirection(Direction.BACKWARD).setLimit(3)))
                .containsExactly(93L, 83L, 73L);
    }

    @ParameterizedTest
    @EnumSource(names = {"EVENTS", "CHUNKS"})
    void goesWithQueryAndKey(ReadRequest.Format format) {
        ReadRequest.Builder request = filtered("data.n > 90").setFormat(format);
        Query even = Query.newBuilder()
                .addItems(QueryItem.newBuilder().addTypes("Even"))
                .build();
        assertThat(positions(request.clone().setQuery(even))).containsExactly(92L, 94L, 96L, 98L, 100L);
        assertThat(positions(request.clone().setKey("k1"))).containsExactly(91L, 96L);
        assertThat(positions(request.clone().setQuery(even).setKey("k1").setDirection(Direction.BACKWARD)))
                .containsExactly(96L);
    }

    @Test
    void lastCountsWhatMatches() {
        ReadRequest.Builder last = filtered("data.n % 10 == 3").setLast(3);
        assertThat(positions(last)).containsExactly(73L, 83L, 93L);
        assertThat(positions(last.clone().setDirection(Direction.BACKWARD))).containsExactly(93L, 83L, 73L);
        assertThat(positions(last.clone().setLast(1_000))).hasSize(10);
        assertThat(positions(filtered("false").setLast(3))).isEmpty();
        assertThat(Answers.failureOf(reads.open(filtered("true").setLast(10_001).build(), Answers.LONG))
                        .code())
                .isEqualTo(ErrorCode.BAD_REQUEST);
    }

    @Test
    void whatIsLookedForTooLongFromTheEndIsRefused() {
        ReadRequest request = filtered("false")
                .setLast(3)
                .setConsistency(io.eckermann.protocol.v1.Consistency.LOCAL)
                .build();
        assertThat(Answers.failureOf(reads.open(request, Duration.ZERO)).code()).isEqualTo(ErrorCode.FILTER_TOO_COSTLY);
    }

    @Test
    void caughtUpSaysHowFarItLooked() {
        CaughtUp none = end(filtered("false"));
        assertThat(none.getHead()).isEqualTo(EVENTS);
        assertThat(none.getNext()).isEqualTo(EVENTS + 1);
        assertThat(none.getComplete()).isTrue();
        CaughtUp some = end(filtered("data.n % 10 == 3").setLimit(2));
        assertThat(some.getNext()).as("none lies before").isEqualTo(23);
        assertThat(some.getComplete()).isFalse();
    }

    @Test
    void goesOnLiveWithWhatMatches() {
        ReadRequest request = filtered("data.n > 99")
                .setFollow(true)
                .setHeartbeatMillis(60_000)
                .build();
        try (ReadStream stream = Answers.of(reads.open(request, Answers.LONG))) {
            List<Long> found = new ArrayList<>();
            while (found.isEmpty()) {
                found.addAll(positions(Answers.of(stream.next()).orElseThrow()));
            }
            assertThat(found).containsExactly(100L);
            assertThat(Answers.of(stream.next()).orElseThrow().hasCaughtUp()).isTrue();
            var next = stream.next();
            append(90, 90);
            append(101, 102);
            assertThat(positions(Answers.of(next).orElseThrow())).containsExactly(102L, 103L);
        }
    }

    /** With no patience between signs of life, each page that has nothing gives one. */
    @Test
    void looksThroughMuchInPagesWithSignsOfLife() {
        ByteString filler = ByteString.copyFromUtf8("x".repeat(1_000));
        for (int k = 0; k < 20; k++) {
            Events.Builder big = Events.newBuilder();
            for (int i = 0; i < 200; i++) {
                big.addEvents(Event.newBuilder().setPayload(filler));
            }
            Answers.of(appends.append(
                    AppendRequest.newBuilder()
                            .setTopic("numbers")
                            .setEvents(big)
                            .build(),
                    Answers.LONG));
        }
        ReadRequest request = filtered("false").setHeartbeatMillis(1).build();
        List<Long> next = new ArrayList<>();
        try (ReadStream stream = Answers.of(reads.open(request, Answers.LONG))) {
            for (Optional<ReadFrame> frame = Answers.of(stream.next());
                    frame.isPresent();
                    frame = Answers.of(stream.next())) {
                if (frame.get().hasHeartbeat()) {
                    next.add(frame.get().getHeartbeat().getNext());
                }
            }
        }
        assertThat(next).isNotEmpty().isSorted().doesNotHaveDuplicates();
    }

    @Test
    void eventsThatWereRemovedAreNotFound() {
        Answers.of(topics.truncate(
                TruncateTopicRequest.newBuilder()
                        .setName("numbers")
                        .setPosition(50)
                        .build(),
                Answers.LONG));
        assertThat(positions(filtered("data.n % 10 == 3"))).containsExactly(53L, 63L, 73L, 83L, 93L);
        assertThat(positions(filtered("data.n % 10 == 3").setDirection(Direction.BACKWARD)))
                .containsExactly(93L, 83L, 73L, 63L, 53L);
        assertThat(positions(filtered("data.n % 10 == 3").setLast(100))).hasSize(5);
    }

    @Test
    void whatDoesNotCompileIsRefusedBeforeAnythingIsRead() {
        assertThat(Answers.failureOf(reads.open(filtered("type ==").build(), Answers.LONG))
                        .code())
                .isEqualTo(ErrorCode.BAD_FILTER);
        assertThat(Answers.failureOf(reads.open(
                                filtered("data.a.all(a, data.b.all(b, data.c.all(c, a == b)))")
                                        .build(),
                                Answers.LONG))
                        .code())
                .isEqualTo(ErrorCode.FILTER_TOO_COSTLY);
    }

    private void append(int from, int to) {
        Events.Builder events = Events.newBuilder();
        for (int n = from; n <= to; n++) {
            events.addEvents(Event.newBuilder()
                    .setType(n % 2 == 0 ? "Even" : "Odd")
                    .setKey("k" + n % 5)
                    .setPayload(ByteString.copyFromUtf8("{\"n\":" + n + "}")));
        }
        Answers.of(appends.append(
                AppendRequest.newBuilder().setTopic("numbers").setEvents(events).build(), Answers.LONG));
    }

    private static ReadRequest.Builder filtered(String expression) {
        return ReadRequest.newBuilder().setTopic("numbers").setFilter(expression);
    }

    private List<Long> positions(ReadRequest.Builder request) {
        List<Long> positions = new ArrayList<>();
        frames(request).forEach(frame -> positions.addAll(positions(frame)));
        return positions;
    }

    private CaughtUp end(ReadRequest.Builder request) {
        List<ReadFrame> frames = frames(request);
        return frames.get(frames.size() - 1).getCaughtUp();
    }

    private List<ReadFrame> frames(ReadRequest.Builder request) {
        List<ReadFrame> frames = new ArrayList<>();
        try (ReadStream stream = Answers.of(reads.open(request.build(), Answers.LONG))) {
            for (Optional<ReadFrame> frame = Answers.of(stream.next());
                    frame.isPresent();
                    frame = Answers.of(stream.next())) {
                frames.add(frame.get());
            }
        }
        return frames;
    }

    /** Also proves that a chunk holds nothing that was not asked for. */
    private static List<Long> positions(ReadFrame frame) {
        List<Long> positions = new ArrayList<>();
        frame.getEvents().getEventsList().stream()
                .map(RecordedEvent::getPosition)
                .forEach(positions::add);
        for (ChunkSlice slice : frame.getChunks().getChunksList()) {
            assertThat(EventsCodec.events(slice.getChunk())).hasSize(slice.getTake());
            for (int k = 0; k < slice.getTake(); k++) {
                positions.add(slice.getChunk().getFirstPosition() + slice.getSkip() + k);
            }
        }
        return positions;
    }
}
