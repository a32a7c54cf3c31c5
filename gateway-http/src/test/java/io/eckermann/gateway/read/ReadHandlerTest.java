package io.eckermann.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.Answers;
import io.eckermann.gateway.MemoryShard;
import io.eckermann.gateway.Threads;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.CaughtUp;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadFrame.FrameCase;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.statemachine.command.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadHandlerTest {
    private final MemoryShard memory = new MemoryShard();
    private final Threads threads = new Threads();
    private final ReadHandler handler = new ReadHandler(memory.shard(), threads.reads, threads.reads, threads.timer);
    private long topic;

    @BeforeEach
    void createTopic() {
        topic = memory.newTopic("orders");
    }

    @AfterEach
    void stop() {
        threads.close();
    }

    @Test
    void readOfAnEmptyTopicIsStartedAndCaughtUp() {
        List<ReadFrame> frames = readAll(request());
        assertThat(frames).extracting(ReadFrame::getFrameCase).containsExactly(FrameCase.STARTED, FrameCase.CAUGHT_UP);
        assertThat(frames.get(0).getStarted().getPosition()).isEqualTo(1);
        assertThat(frames.get(0).getStarted().getSnapped()).isFalse();
        assertThat(frames.get(1).getCaughtUp())
                .isEqualTo(CaughtUp.newBuilder().setNext(1).setComplete(true).build());
    }

    @Test
    void heartbeatsComeInTimeAfterALongWaitForAPosition() {
        CompletableFuture<ReadStream> opening = handler.open(
                request().setFollow(true).setAtLeast(1).setHeartbeatMillis(10).build(), Duration.ofHours(1));
        append(1, 0);
        try (ReadStream stream = Answers.of(opening)) {
            List<FrameCase> cases = Stream.generate(() -> Answers.of(stream.next()))
                    .limit(4)
                    .map(frame -> frame.orElseThrow().getFrameCase())
                    .toList();
            assertThat(cases)
                    .containsExactly(FrameCase.STARTED, FrameCase.EVENTS, FrameCase.CAUGHT_UP, FrameCase.HEARTBEAT);
        }
    }

    @Test
    void readEndsWithWhatWasThereWhenItBegan() {
        append(3, 0);
        ReadStream stream = open(request());
        assertThat(Answers.of(stream.next()).orElseThrow().getStarted().getHead())
                .isEqualTo(3);
        append(3, 0);
        List<ReadFrame> rest = drain(stream);
        assertThat(positions(rest)).containsExactly(1L, 2L, 3L);
        CaughtUp caughtUp = rest.get(rest.size() - 1).getCaughtUp();
        assertThat(caughtUp.getHead()).isEqualTo(3);
        assertThat(caughtUp.getNext()).isEqualTo(4);
        assertThat(caughtUp.getComplete()).isTrue();
    }

    @Test
    void framesOfEventsStayNearHalfAMebibyte() {
        append(30, 60_000);
        List<ReadFrame> frames = readAll(request());
        assertThat(frames)
                .allSatisfy(frame -> assertThat(frame.getSerializedSize()).isLessThan(600_000));
        assertThat(positions(frames)).containsExactlyElementsOf(range(1, 30));
    }

    @Test
    void nothingIsReadAheadOfTheReader() {
        for (int i = 0; i < 20; i++) {
            append(1, 200_000);
        }
        ReadStream stream = open(request());
        Answers.of(stream.next());
        assertThat(memory.pages).hasValue(0);
        Answers.of(stream.next());
        assertThat(memory.pages).hasValue(1);
        stream.close();
    }

    @Test
    void linearizableReadWaitsForABarrierAndALocalOneDoesNot() {
        readAll(request().setConsistency(Consistency.LOCAL));
        assertThat(memory.barriers).hasValue(0);
        readAll(request());
        assertThat(memory.barriers).hasValue(1);
    }

    @Test
    void readOfAtLeastAPositionWaitsForIt() {
        CompletableFuture<ReadStream> opening =
                handler.open(request().setAtLeast(2).build(), Answers.LONG);
        append(1, 0);
        assertThat(opening).isNotDone();
        append(1, 0);
        assertThat(positions(drain(Answers.of(opening)))).containsExactly(1L, 2L);
    }

    @Test
    void positionThatIsNotReachedInTimeIsNotCaughtUp() {
        append(1, 0);
        StoreException failure =
                Answers.failureOf(handler.open(request().setAtLeast(2).build(), Duration.ofMillis(50)));
        assertThat(failure.code()).isEqualTo(ErrorCode.NOT_CAUGHT_UP);
        assertThat(failure.facts()).containsEntry("head", "1").containsEntry("at_least", "2");
    }

    @Test
    void topicThisNodeHasNotHeardOfIsWaitedForByWhoKnowsAPositionOfIt() {
        append(1, 0);
        memory.hideUntilBarrier("orders");
        ReadRequest.Builder local = request().setConsistency(Consistency.LOCAL);
        assertThat(failureOf(local).code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        assertThat(positions(readAll(local.setAtLeast(1)))).containsExactly(1L);
    }

    @Test
    void followGoesOnLiveWithOneMarkerBetween() {
        append(2, 0);
        ReadStream stream = open(request().setFollow(true));
        assertThat(kinds(stream, 3)).containsExactly(FrameCase.STARTED, FrameCase.EVENTS, FrameCase.CAUGHT_UP);
        CompletableFuture<Optional<ReadFrame>> live = stream.next();
        append(1, 0);
        assertThat(positions(List.of(Answers.of(live).orElseThrow()))).containsExactly(3L);
        stream.close();
    }

    @Test
    void followSinceATimeToComeLeavesOutWhatIsRecordedBefore() {
        memory.clock(1_000);
        append(2, 0);
        ReadStream stream = open(request().setFollow(true).setSinceNs(5_001).setUntilNs(6_000));
        assertThat(kinds(stream, 2)).containsExactly(FrameCase.STARTED, FrameCase.CAUGHT_UP);
        CompletableFuture<Optional<ReadFrame>> live = stream.next();
        append(3, 0);
        memory.clock(5_000);
        append(3, 0);
        assertThat(positions(List.of(Answers.of(live).orElseThrow()))).containsExactly(7L, 8L);
        CompletableFuture<Optional<ReadFrame>> end = stream.next();
        memory.clock(6_000);
        append(1, 0);
        assertThat(Answers.of(end)).isEmpty();
    }

    @Test
    void followOfConcurrentAppendsHasNoGapAndNoDuplicate() throws InterruptedException {
        int appends = 3_000;
        Thread producer = new Thread(() -> {
            for (int i = 0; i < appends; i++) {
                append(1 + i % 3, 10);
            }
        });
        producer.start();
        ReadStream stream = open(request().setFollow(true));
        List<Long> positions = new ArrayList<>();
        int markers = 0;
        while (positions.size() < 2 * appends) {
            ReadFrame frame = Answers.of(stream.next()).orElseThrow();
            markers += frame.hasCaughtUp() ? 1 : 0;
            positions.addAll(positions(List.of(frame)));
        }
        stream.close();
        producer.join();
        assertThat(positions).containsExactlyElementsOf(range(1, 2L * appends));
        assertThat(markers).isLessThanOrEqualTo(1);
    }

    @Test
    void followWithoutNewsBeats() {
        append(2, 0);
        ReadStream stream = open(request().setFollow(true).setHeartbeatMillis(20));
        assertThat(kinds(stream, 5))
                .containsExactly(
                        FrameCase.STARTED,
                        FrameCase.EVENTS,
                        FrameCase.CAUGHT_UP,
                        FrameCase.HEARTBEAT,
                        FrameCase.HEARTBEAT);
        assertThat(Answers.of(stream.next()).orElseThrow().getHeartbeat().getHead())
                .isEqualTo(2);
        stream.close();
    }

    @Test
    void followPastTheHeadWaitsThere() {
        append(2, 0);
        ReadStream stream = open(request().setFollow(true).setFrom(Long.MAX_VALUE));
        ReadFrame started = Answers.of(stream.next()).orElseThrow();
        assertThat(started.getStarted().getPosition()).isEqualTo(3);
        assertThat(started.getStarted().getSnapped()).isTrue();
        append(1, 0);
        assertThat(positions(List.of(Answers.of(stream.next()).orElseThrow()))).containsExactly(3L);
        stream.close();
    }

    @Test
    void followEndsWhereABoundIsMet() {
        append(2, 0);
        ReadStream stream = open(request().setFollow(true).setTo(4));
        assertThat(kinds(stream, 3)).endsWith(FrameCase.CAUGHT_UP);
        CompletableFuture<Optional<ReadFrame>> live = stream.next();
        append(5, 0);
        assertThat(positions(List.of(Answers.of(live).orElseThrow()))).containsExactly(3L, 4L);
        assertThat(Answers.of(stream.next())).isEmpty();
    }

    @Test
    void followThatMeetsItsBoundInThePastSaysThatItIsNotComplete() {
        append(5, 0);
        List<ReadFrame> frames = readAll(request().setFollow(true).setLimit(2));
        assertThat(positions(frames)).containsExactly(1L, 2L);
        assertThat(frames.get(frames.size() - 1).getCaughtUp().getComplete()).isFalse();
    }

    @Test
    void deletionOfTheTopicEndsAFollow() {
        append(1, 0);
        ReadStream stream = open(request().setFollow(true));
        kinds(stream, 3);
        CompletableFuture<Optional<ReadFrame>> live = stream.next();
        Answers.of(memory.submit(new Operation.DeleteTopic(topic), Answers.LONG));
        assertThat(Answers.failureOf(live).code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        assertThat(Answers.of(stream.next())).isEmpty();
    }

    @Test
    void closeEndsAPendingNext() {
        ReadStream stream = open(request().setFollow(true));
        kinds(stream, 2);
        CompletableFuture<Optional<ReadFrame>> live = stream.next();
        assertThat(live).isNotDone();
        stream.close();
        stream.close();
        assertThat(Answers.of(live)).isEmpty();
        assertThat(Answers.of(stream.next())).isEmpty();
    }

    @Test
    void cursorIsResumedAfterItsPosition() {
        append(4, 0);
        assertThat(positions(readAll(request().setCursor("audit")))).containsExactly(1L, 2L, 3L, 4L);
        Answers.of(memory.submit(
                new Operation.CommitCursor(topic, "audit", 2, OptionalLong.empty(), false), Answers.LONG));
        assertThat(positions(readAll(request().setCursor("audit")))).containsExactly(3L, 4L);
    }

    @Test
    void chunkWhoseBytesAreNotEventsIsCorrupt() {
        ByteString garbage = ByteString.copyFromUtf8("garbage");
        Answers.of(memory.submit(
                new Operation.Append(
                        topic,
                        1,
                        EncodedEvents.getDefaultInstance().getEncoding(),
                        EventsCodec.crc32c(garbage),
                        garbage,
                        null),
                Answers.LONG));
        ReadStream stream = open(request());
        Answers.of(stream.next());
        assertThat(Answers.failureOf(stream.next()).code()).isEqualTo(ErrorCode.DATA_CORRUPT);
        assertThat(Answers.of(stream.next())).isEmpty();
    }

    @Test
    void headIsToldWithFirstAndTime() {
        memory.clock(77);
        append(2, 0);
        var head = Answers.of(
                handler.head(GetHeadRequest.newBuilder().setTopic("orders").build(), Answers.LONG));
        assertThat(head.getHead()).isEqualTo(2);
        assertThat(head.getFirst()).isEqualTo(1);
        assertThat(head.getLastRecordedNs()).isEqualTo(78);
        assertThat(Answers.failureOf(handler.head(
                                GetHeadRequest.newBuilder().setTopic("no").build(), Answers.LONG))
                        .code())
                .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    }

    @Test
    void badInputFailsTheOpening() {
        assertBad(request().setFrom(-1), "from");
        assertBad(request().setConsistencyValue(5), "consistency");
    }

    private void assertBad(ReadRequest.Builder request, String field) {
        StoreException failure = failureOf(request);
        assertThat(failure.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(failure.facts()).containsEntry("field", field);
    }

    private StoreException failureOf(ReadRequest.Builder request) {
        return Answers.failureOf(handler.open(request.build(), Answers.LONG));
    }

    private void append(int count, int payloadBytes) {
        Event event = Event.newBuilder()
                .setPayload(ByteString.copyFrom(new byte[payloadBytes]))
                .build();
        EncodedEvents encoded = EventsCodec.encode(Collections.nCopies(count, event));
        Answers.of(memory.submit(
                new Operation.Append(topic, count, encoded.getEncoding(), encoded.getCrc32C(), encoded.getBody(), null),
                Answers.LONG));
    }

    private static ReadRequest.Builder request() {
        return ReadRequest.newBuilder().setTopic("orders");
    }

    private ReadStream open(ReadRequest.Builder request) {
        return Answers.of(handler.open(request.build(), Answers.LONG));
    }

    private List<ReadFrame> readAll(ReadRequest.Builder request) {
        return drain(open(request));
    }

    private static List<ReadFrame> drain(ReadStream stream) {
        List<ReadFrame> frames = new ArrayList<>();
        Answers.of(stream.next()).ifPresent(frames::add);
        while (!frames.get(frames.size() - 1).hasCaughtUp()) {
            frames.add(Answers.of(stream.next()).orElseThrow());
        }
        assertThat(Answers.of(stream.next())).isEmpty();
        return frames;
    }

    private static List<FrameCase> kinds(ReadStream stream, int count) {
        return Stream.generate(() -> Answers.of(stream.next()).orElseThrow().getFrameCase())
                .limit(count)
                .toList();
    }

    private static List<Long> positions(List<ReadFrame> frames) {
        return frames.stream()
                .flatMap(frame -> frame.getEvents().getEventsList().stream())
                .map(RecordedEvent::getPosition)
                .toList();
    }

    private static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }
}
