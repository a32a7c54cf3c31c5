package io.eckermann.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.Answers;
import io.eckermann.gateway.Shard;
import io.eckermann.gateway.StoredShard;
import io.eckermann.gateway.Threads;
import io.eckermann.gateway.topics.EventHandler;
import io.eckermann.gateway.topics.RetentionWatch;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.ChunkSlice;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.DeleteEventResponse;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.command.Particulars.Term;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads of topics that lose events meanwhile, over a real state machine. */
class RemovedEventsTest {
    private static final int LARGE = 200_000;
    private static final String TAG = "t";

    private final Threads threads = new Threads();
    private StoredShard store;
    private ReadHandler reads;
    private TopicHandler topics;
    private EventHandler events;

    @BeforeEach
    void open(@TempDir Path directory) {
        store = new StoredShard(directory);
        reads = new ReadHandler(store.shard(), threads.reads, threads.reads, threads.timer);
        topics = new TopicHandler(store.shard(), threads.reads);
        events = new EventHandler(store.shard(), threads.reads);
        Answers.of(
                topics.create(CreateTopicRequest.newBuilder().setName("orders").build(), Answers.LONG));
    }

    @AfterEach
    void close() {
        threads.close();
        store.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readerGoesOnWithTheFirstEventThatIsLeftAndIsTold(boolean byTag) {
        append(10, LARGE);
        ReadStream stream = open(request(byTag));
        assertThat(started(stream).getPosition()).isEqualTo(1);
        assertThat(positions(next(stream))).startsWith(1L);
        truncate(8);
        List<Long> rest = new ArrayList<>();
        boolean told = false;
        for (ReadFrame frame : drain(stream)) {
            if (frame.hasStarted()) {
                told = true;
                assertThat(frame.getStarted().getPosition()).isEqualTo(8);
                assertThat(frame.getStarted().getSnapped()).isTrue();
            }
            rest.addAll(positions(frame));
        }
        assertThat(told).isTrue();
        assertThat(rest).endsWith(8L, 9L, 10L).doesNotContain(7L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readerWhoWantsExactlyWhatIsThereIsRefusedTheRest(boolean byTag) {
        append(10, LARGE);
        ReadStream stream = open(request(byTag).setFrom(1).setExact(true));
        started(stream);
        next(stream);
        truncate(8);
        ErrorCode code = null;
        while (code == null) {
            CompletableFuture<Optional<ReadFrame>> next = stream.next();
            code = next.handle((frame, failure) -> failure == null
                            ? null
                            : io.eckermann.gateway.Failures.storeException(failure)
                                    .code())
                    .join();
        }
        assertThat(code).isEqualTo(ErrorCode.POSITION_OUT_OF_RANGE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void backwardReaderEndsAtTheFirstEventThatIsLeft(boolean byTag) {
        append(10, LARGE);
        ReadStream stream = open(request(byTag).setDirection(Direction.BACKWARD));
        started(stream);
        List<Long> read = new ArrayList<>(positions(next(stream)));
        truncate(6);
        List<ReadFrame> rest = drain(stream);
        rest.forEach(frame -> read.addAll(positions(frame)));
        assertThat(read).endsWith(6L).doesNotContain(5L);
        assertThat(rest.get(rest.size() - 1).getCaughtUp().getComplete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void followerOfATopicThatIsEmptiedGetsWhatComesNext(boolean byTag) {
        append(10, LARGE);
        ReadStream stream = open(request(byTag).setFollow(true));
        started(stream);
        next(stream);
        truncate(11);
        append(1, 5);
        List<Long> read = new ArrayList<>();
        while (!read.contains(11L)) {
            read.addAll(positions(next(stream)));
        }
        assertThat(read).doesNotContain(10L);
        stream.close();
    }

    @Test
    void readerByTagWhoseEventsGoBetweenIndexAndBytesIsToldAsWell() {
        append(10, LARGE);
        reads = new ReadHandler(losing(9), threads.reads, threads.reads, threads.timer);
        List<ReadFrame> frames = drain(open(request(true)));
        assertThat(frames.stream()
                        .filter(ReadFrame::hasStarted)
                        .map(frame -> frame.getStarted().getPosition()))
                .containsExactly(1L, 9L);
        assertThat(positions(frames)).containsExactly(9L, 10L);
    }

    @Test
    void backwardReaderByTagEndsWhereEventsGoBetweenIndexAndBytes() {
        append(10, LARGE);
        reads = new ReadHandler(losing(9), threads.reads, threads.reads, threads.timer);
        List<ReadFrame> frames = drain(open(request(true).setDirection(Direction.BACKWARD)));
        assertThat(positions(frames)).containsExactly(10L, 9L);
        assertThat(frames.get(frames.size() - 1).getCaughtUp().getComplete()).isTrue();
    }

    /** A shard whose topic is truncated before this position whenever somebody has looked into the index. */
    private Shard losing(long position) {
        ReadView view = store.shard().view();
        long topic = view.topic("orders").orElseThrow().id();
        ReadView losing = (ReadView) Proxy.newProxyInstance(
                ReadView.class.getClassLoader(), new Class<?>[] {ReadView.class}, (proxy, method, arguments) -> {
                    Object found = method.invoke(view, arguments);
                    if (method.getName().startsWith("matches")) {
                        Answers.of(store.submit(new Operation.TruncateTopic(topic, position), Answers.LONG));
                    }
                    return found;
                });
        return new Shard(losing, store.shard().heads(), store, store);
    }

    @Test
    void deletedEventIsMarkedInChunksAndInEventsAndNotFoundByItsTag() {
        append(3, 10);
        assertThat(delete(2)).isTrue();
        assertThat(delete(2)).isFalse();
        for (ReadRequest.Format format : List.of(ReadRequest.Format.CHUNKS, ReadRequest.Format.EVENTS)) {
            List<Event> read = new ArrayList<>();
            for (ReadFrame frame : drain(open(request().setFormat(format)))) {
                frame.getEvents().getEventsList().forEach(event -> read.add(event.getEvent()));
                for (ChunkSlice slice : frame.getChunks().getChunksList()) {
                    assertThat(EventsCodec.crc32c(slice.getChunk().getBody()))
                            .isEqualTo(slice.getChunk().getCrc32C());
                    read.addAll(EventsCodec.events(slice.getChunk(), slice.getSkip(), slice.getTake()));
                }
            }
            assertThat(read).extracting(Event::getDeleted).containsExactly(false, true, false);
            assertThat(read.get(1).getTagsCount()).isZero();
        }
        assertThat(positions(drain(open(request(true))))).containsExactly(1L, 3L);
    }

    @Test
    void eventsOfOneBodyDeletedAtTheSameTimeAreAllDeleted() {
        append(20, 10);
        List<CompletableFuture<DeleteEventResponse>> deletions = new ArrayList<>();
        for (int position = 1; position <= 20; position++) {
            deletions.add(events.delete(request(position), Answers.LONG));
        }
        assertThat(deletions)
                .allSatisfy(deletion ->
                        assertThat(Answers.of(deletion).getDeleted()).isTrue());
        List<Event> read = new ArrayList<>();
        drain(open(request()))
                .forEach(frame -> frame.getEvents().getEventsList().forEach(event -> read.add(event.getEvent())));
        assertThat(read).hasSize(20).allMatch(Event::getDeleted);
    }

    @Test
    void leaderRemovesWhatIsOverdueAndAFollowerDoesNot() {
        Answers.of(topics.create(
                CreateTopicRequest.newBuilder()
                        .setName("short")
                        .setSettings(TopicSettings.newBuilder().setRetainEvents(2))
                        .build(),
                Answers.LONG));
        append("short", 5, 10);
        retention(Leadership.Role.FOLLOWER).look();
        retention(Leadership.Role.LEADER).look();
        Answers.await(() -> store.shard().view().topic("short").orElseThrow().first() == 4);
        assertThat(store.shard().view().topic("orders").orElseThrow().first()).isEqualTo(1);
    }

    private RetentionWatch retention(Leadership.Role role) {
        return new RetentionWatch(
                store.shard(),
                () -> new Leadership(role, 1, "n1", true, 1, 1, 1),
                Clock.fixed(Instant.ofEpochSecond(1), ZoneOffset.UTC),
                threads.reads);
    }

    private void append(int count, int bytes) {
        append("orders", count, bytes);
    }

    /** One append if they are small, else one for each. */
    private void append(String topic, int count, int bytes) {
        Event event = Event.newBuilder()
                .setPayload(ByteString.copyFrom(new byte[bytes]))
                .addTags(TAG)
                .build();
        Term tagged = new Term(Kind.TAG, ByteString.copyFromUtf8(TAG), List.of());
        long id = store.shard().view().topic(topic).orElseThrow().id();
        int together = bytes < LARGE ? count : 1;
        for (int k = 0; k < count; k += together) {
            EncodedEvents encoded = EventsCodec.encode(Collections.nCopies(together, event));
            Answers.of(store.submit(
                    new Operation.Append(
                            id,
                            encoded.getCount(),
                            encoded.getEncoding(),
                            encoded.getCrc32C(),
                            encoded.getBody(),
                            null,
                            Particulars.of(List.of(tagged), List.of(), null)),
                    Answers.LONG));
        }
    }

    private void truncate(long position) {
        Answers.of(topics.truncate(
                TruncateTopicRequest.newBuilder()
                        .setName("orders")
                        .setPosition(position)
                        .build(),
                Answers.LONG));
    }

    private boolean delete(long position) {
        return Answers.of(events.delete(request(position), Answers.LONG)).getDeleted();
    }

    private static DeleteEventRequest request(long position) {
        return DeleteEventRequest.newBuilder()
                .setTopic("orders")
                .setPosition(position)
                .build();
    }

    private static ReadRequest.Builder request() {
        return ReadRequest.newBuilder().setTopic("orders");
    }

    /** For all events, which have the tag; by it they come another way. */
    private static ReadRequest.Builder request(boolean byTag) {
        return byTag
                ? request()
                        .setQuery(Query.newBuilder()
                                .addItems(QueryItem.newBuilder().addTags(TAG)))
                : request();
    }

    private ReadStream open(ReadRequest.Builder request) {
        return Answers.of(reads.open(request.build(), Answers.LONG));
    }

    private static io.eckermann.protocol.v1.ReadStarted started(ReadStream stream) {
        return next(stream).getStarted();
    }

    private static ReadFrame next(ReadStream stream) {
        return Answers.of(stream.next()).orElseThrow();
    }

    private static List<ReadFrame> drain(ReadStream stream) {
        List<ReadFrame> frames = new ArrayList<>();
        for (Optional<ReadFrame> frame = Answers.of(stream.next());
                frame.isPresent();
                frame = Answers.of(stream.next())) {
            frames.add(frame.get());
        }
        return frames;
    }

    private static List<Long> positions(List<ReadFrame> frames) {
        return frames.stream().flatMap(frame -> positions(frame).stream()).toList();
    }

    private static List<Long> positions(ReadFrame frame) {
        return frame.getEvents().getEventsList().stream()
                .map(event -> event.getPosition())
                .toList();
    }
}
