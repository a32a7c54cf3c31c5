package io.eckermann.gateway.append;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import io.eckermann.gateway.Answers;
import io.eckermann.gateway.MemoryShard;
import io.eckermann.gateway.Threads;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.Producer;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.command.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AppendHandlerTest {
    private static final Event PAID = Event.newBuilder()
            .setType("Paid")
            .addTags("a")
            .setPayload(ByteString.copyFromUtf8("5 €"))
            .build();

    private static final Event TWICE = PAID.toBuilder().addTags("a").build();

    private final MemoryShard memory = new MemoryShard();
    private final Threads threads = new Threads();
    private final AppendHandler appends =
            new AppendHandler(memory.shard(), threads.reads, Idempotency.USUAL, Quotas.NONE);

    @BeforeEach
    void createTopic() {
        memory.newTopic("orders");
    }

    @AfterEach
    void stop() {
        threads.close();
    }

    @Test
    void answersWithPositionsHeadAndTime() {
        memory.clock(5_000);
        assertThat(Answers.of(appends.append(events("orders", PAID, PAID), Answers.LONG)))
                .isEqualTo(AppendResponse.newBuilder()
                        .setFirst(1)
                        .setLast(2)
                        .setHead(2)
                        .setRecordedNs(5_000)
                        .build());
    }

    @Test
    void storesBytesEncodedByTheClientAsTheyCame() {
        EncodedEvents encoded = EventsCodec.encode(List.of(PAID, PAID));
        Answers.of(appends.append(encoded(encoded), Answers.LONG));
        Operation.Append append = (Operation.Append) memory.submitted.get(0);
        assertThat(append.body()).isEqualTo(encoded.getBody());
        assertThat(append.crc32c()).isEqualTo(encoded.getCrc32C());
        assertThat(append.count()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"ZSTD", "LZ4"})
    void storesCompressedBytesAsTheyCame(Encoding as) {
        List<Event> events = Collections.nCopies(500, PAID);
        EncodedEvents encoded =
                EventsCodec.encoded(as, BodyCompression.compress(as, EventsCodec.body(events)), events.size());
        Answers.of(appends.append(encoded(encoded), Answers.LONG));
        Operation.Append append = (Operation.Append) memory.submitted.get(0);
        assertThat(append.body()).isEqualTo(encoded.getBody());
        assertThat(append.encoding()).isEqualTo(as);
        assertThat(append.count()).isEqualTo(500);
    }

    @Test
    void submitsOnTheCallersThreadInItsOrder() {
        memory.hold = new CompletableFuture<>();
        List<CompletableFuture<AppendResponse>> answers = IntStream.range(0, 100)
                .mapToObj(i -> appends.append(
                        events("orders", PAID).toBuilder()
                                .setProducer(Producer.newBuilder().setId("p").setSequence(i + 1))
                                .build(),
                        Answers.LONG))
                .toList();
        // The first ones wait for the topic to be looked up on another thread.
        Answers.await(() -> memory.submittedCount() == 100);
        assertThat(memory.submitted)
                .extracting(operation -> ((Operation.Append) operation).producer())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 100)
                        .mapToObj(i -> new Operation.ProducerSequence("p", i))
                        .toList());
        assertThat(memory.barriers).hasValue(0);
        memory.hold.complete(null);
        assertThat(answers).extracting(answer -> Answers.of(answer).getFirst()).doesNotHaveDuplicates();
    }

    @Test
    void appendsBeyondWhatTheNodeMayHoldAreRefusedUntilOthersAreAnswered() {
        CompletableFuture<Void> hold = new CompletableFuture<>();
        memory.hold = hold;
        Event large = Event.newBuilder()
                .setPayload(ByteString.copyFrom(new byte[1 << 20]))
                .build();
        List<CompletableFuture<AppendResponse>> taken = new ArrayList<>();
        CompletableFuture<AppendResponse> answer = appends.append(events("orders", large), Answers.LONG);
        while (!answer.isDone() && taken.size() < 100) {
            taken.add(answer);
            answer = appends.append(events("orders", large), Answers.LONG);
        }
        StoreException refusal = Answers.failureOf(answer);
        assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(refusal.facts()).containsKeys("held_bytes", "limit_bytes");
        assertThat(taken).hasSize(63);
        assertThat(appends.isBusy()).isTrue();
        hold.complete(null);
        taken.forEach(Answers::of);
        assertThat(appends.isBusy()).isFalse();
        assertThat(Answers.of(appends.append(events("orders", large), Answers.LONG))
                        .getFirst())
                .isEqualTo(64);
    }

    @Test
    void refusedRequestHoldsNoRoom() {
        Event large = Event.newBuilder()
                .setPayload(ByteString.copyFrom(new byte[1 << 20]))
                .build();
        for (int i = 0; i < 70; i++) {
            assertThat(Answers.failureOf(appends.append(events("no topic's name", large), Answers.LONG))
                            .code())
                    .isEqualTo(ErrorCode.BAD_TOPIC_NAME);
        }
        assertThat(appends.isBusy()).isFalse();
    }

    @Test
    void topicUnknownHereIsFoundBehindABarrier() {
        memory.hideUntilBarrier("orders");
        assertThat(Answers.of(appends.append(events("orders", PAID), Answers.LONG))
                        .getFirst())
                .isEqualTo(1);
        assertThat(memory.barriers).hasValue(1);
    }

    @Test
    void topicUnknownEverywhereIsNotFoundAfterOneBarrier() {
        StoreException failure = Answers.failureOf(appends.append(events("nothing", PAID), Answers.LONG));
        assertThat(failure.code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        assertThat(failure.facts()).containsEntry("topic", "nothing");
        assertThat(memory.barriers).hasValue(1);
        assertThat(memory.submitted).isEmpty();
    }

    @Test
    void topicCreatedAnewWhileTheAppendWasUnderWayGetsIt() {
        CompletableFuture<Void> held = new CompletableFuture<>();
        memory.hold = held;
        CompletableFuture<AppendResponse> answer = appends.append(events("orders", PAID), Answers.LONG);
        Answers.await(() -> memory.submittedCount() == 1);
        memory.hold = CompletableFuture.completedFuture(null);
        Answers.of(memory.submit(new Operation.DeleteTopic(1), Answers.LONG));
        long anew = memory.newTopic("orders");
        held.complete(null);
        assertThat(Answers.of(answer).getFirst()).isEqualTo(1);
        assertThat(memory.topic(anew))
                .hasValueSatisfying(topic -> assertThat(topic.head()).isEqualTo(1));
    }

    @Test
    void topicDeletedWhileTheAppendWasUnderWayIsNotFound() {
        CompletableFuture<Void> held = new CompletableFuture<>();
        memory.hold = held;
        CompletableFuture<AppendResponse> answer = appends.append(events("orders", PAID), Answers.LONG);
        Answers.await(() -> memory.submittedCount() == 1);
        memory.hold = CompletableFuture.completedFuture(null);
        Answers.of(memory.submit(new Operation.DeleteTopic(1), Answers.LONG));
        held.complete(null);
        assertThat(Answers.failureOf(answer).code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    }

    @Test
    void payloadOverTheTopicsOwnLimitNamesItsEvent() {
        Answers.of(memory.submit(
                new Operation.CreateTopic(
                        "small", TopicSettings.newBuilder().setMaxEventBytes(3).build()),
                Answers.LONG));
        Event fits =
                Event.newBuilder().setPayload(ByteString.copyFromUtf8("abc")).build();
        Event over =
                Event.newBuilder().setPayload(ByteString.copyFromUtf8("abcd")).build();
        Answers.of(appends.append(events("small", fits), Answers.LONG));
        StoreException failure = Answers.failureOf(appends.append(events("small", fits, over), Answers.LONG));
        assertThat(failure.code()).isEqualTo(ErrorCode.EVENT_TOO_LARGE);
        assertThat(failure.facts()).containsEntry("event", "2").containsEntry("bytes_max", "3");
    }

    @Test
    void acceptsWhatIsExactlyAtTheLimits() {
        Event atLimit = Event.newBuilder()
                .setPayload(zeros(Limits.EVENT_PAYLOAD_BYTES_MAX))
                .setId("x".repeat(Limits.EVENT_ATTRIBUTES_BYTES_MAX))
                .build();
        Answers.of(appends.append(events("orders", atLimit), Answers.LONG));
        Events many = Events.newBuilder()
                .addAllEvents(Collections.nCopies(Limits.APPEND_EVENTS_MAX, Event.getDefaultInstance()))
                .build();
        AppendRequest request =
                AppendRequest.newBuilder().setTopic("orders").setEvents(many).build();
        assertThat(Answers.of(appends.append(request, Answers.LONG)).getLast()).isEqualTo(1 + Limits.APPEND_EVENTS_MAX);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void badInputIsRefusedBeforeAnythingIsSubmitted(
            String what, AppendRequest request, ErrorCode code, String fact, String value) {
        StoreException failure = Answers.failureOf(appends.append(request, Answers.LONG));
        assertThat(failure.code()).as(what).isEqualTo(code);
        assertThat(failure.facts()).containsEntry(fact, value);
        assertThat(memory.submitted).isEmpty();
    }

    static Stream<Arguments> badInputIsRefusedBeforeAnythingIsSubmitted() {
        return Stream.of(badNames(), badEvents(), badProducers(), badChunks()).flatMap(cases -> cases);
    }

    private static Stream<Arguments> badNames() {
        return Stream.of(
                bad("empty name", events("", PAID), ErrorCode.BAD_TOPIC_NAME, "topic", ""),
                bad("bad name", events("a b", PAID), ErrorCode.BAD_TOPIC_NAME, "topic", "a b"),
                bad("system's name", events("_x", PAID), ErrorCode.BAD_TOPIC_NAME, "topic", "_x"));
    }

    private static Stream<Arguments> badEvents() {
        Event huge = Event.newBuilder()
                .setPayload(zeros(Limits.EVENT_PAYLOAD_BYTES_MAX + 1))
                .build();
        Event wordy = Event.newBuilder()
                .setType("ü".repeat(Limits.EVENT_ATTRIBUTES_BYTES_MAX / 4))
                .putHeaders("h", "x".repeat(Limits.EVENT_ATTRIBUTES_BYTES_MAX / 2))
                .build();
        Event big = Event.newBuilder().setPayload(zeros(1 << 20)).build();
        Event[] tooMany =
                Collections.nCopies(Limits.APPEND_EVENTS_MAX + 1, PAID).toArray(new Event[0]);
        Event emptyTag = PAID.toBuilder().addTags("").build();
        AppendRequest nothing = AppendRequest.newBuilder().setTopic("orders").build();
        return Stream.of(
                bad("no events", events("orders"), ErrorCode.EMPTY_APPEND, "field", "events"),
                bad("no content", nothing, ErrorCode.EMPTY_APPEND, "field", "events"),
                bad("payload", events("orders", PAID, huge), ErrorCode.EVENT_TOO_LARGE, "event", "2"),
                bad("attributes", events("orders", PAID, PAID, wordy), ErrorCode.EVENT_TOO_LARGE, "event", "3"),
                bad("bytes", events("orders", big, big), ErrorCode.APPEND_TOO_LARGE, "bytes_max", "2097152"),
                bad("count", events("orders", tooMany), ErrorCode.APPEND_TOO_LARGE, "events", "65537"),
                bad("tag twice", events("orders", PAID, TWICE), ErrorCode.BAD_REQUEST, "event", "2"),
                bad("empty tag", events("orders", emptyTag), ErrorCode.BAD_REQUEST, "field", "tags"),
                bad("encoded tag twice", chunk(List.of(TWICE)), ErrorCode.BAD_REQUEST, "event", "1"));
    }

    private static Stream<Arguments> badProducers() {
        return Stream.of(
                bad("producer", producer("", 1), ErrorCode.BAD_REQUEST, "producer", ""),
                bad("long producer", producer("p".repeat(65), 1), ErrorCode.BAD_REQUEST, "producer", "p".repeat(65)),
                bad("sequence", producer("p", 0), ErrorCode.BAD_REQUEST, "field", "producer.sequence"),
                bad("negative sequence", producer("p", -1), ErrorCode.BAD_REQUEST, "sequence", "-1"));
    }

    private static Stream<Arguments> badChunks() {
        EncodedEvents good = EventsCodec.encode(List.of(PAID, PAID));
        ByteString cut = good.getBody().substring(0, good.getBody().size() - 1);
        ByteString endGroup = ByteString.copyFrom(new byte[] {0x0a, 0x01, 0x0c});
        ByteString hello = ByteString.copyFromUtf8("hello");
        ByteString large = ByteString.copyFrom(Zstd.compress(new byte[Limits.APPEND_BYTES_MAX + 1], 1));
        EncodedEvents otherCrc =
                good.toBuilder().setCrc32C(good.getCrc32C() + 1).build();
        EncodedEvents unknown = good.toBuilder().setEncodingValue(9).build();
        return Stream.of(
                bad("nothing", encoded(body(ByteString.EMPTY, 0)), ErrorCode.EMPTY_APPEND, "field", "events"),
                bad("crc", encoded(otherCrc), ErrorCode.BAD_CHUNK, "field", "encoded"),
                bad("fewer", encoded(body(good.getBody(), 3)), ErrorCode.BAD_CHUNK, "holds", "2"),
                bad("more", encoded(body(good.getBody(), 1)), ErrorCode.BAD_CHUNK, "holds", "2"),
                bad("count 0", encoded(body(good.getBody(), 0)), ErrorCode.BAD_CHUNK, "count", "0"),
                bad("negative count", encoded(body(hello, -1)), ErrorCode.BAD_CHUNK, "count", "-1"),
                bad("absurd", encoded(body(hello, 1 << 30)), ErrorCode.APPEND_TOO_LARGE, "events_max", "65536"),
                bad("encoding", encoded(unknown), ErrorCode.BAD_CHUNK, "encoding", "9"),
                bad("cut off", encoded(body(cut, 2)), ErrorCode.BAD_CHUNK, "field", "encoded"),
                bad("end group", encoded(body(endGroup, 1)), ErrorCode.BAD_CHUNK, "field", "encoded"),
                bad("no list", encoded(body(hello, 1)), ErrorCode.BAD_CHUNK, "field", "encoded"),
                bad("no frame", encoded(as(Encoding.ZSTD, hello, 1)), ErrorCode.BAD_CHUNK, "field", "encoded"),
                bad("no block", encoded(as(Encoding.LZ4, hello, 1)), ErrorCode.BAD_CHUNK, "field", "encoded"),
                bad("bomb", encoded(as(Encoding.ZSTD, large, 1)), ErrorCode.APPEND_TOO_LARGE, "bytes", "2097153"),
                bad("packed, fewer", packed(List.of(PAID), 2), ErrorCode.BAD_CHUNK, "holds", "1"),
                bad("packed, tag twice", packed(List.of(PAID, TWICE), 2), ErrorCode.BAD_REQUEST, "event", "2"),
                bad("packed noise", encoded(packedNoise()), ErrorCode.BAD_CHUNK, "field", "encoded"));
    }

    private static AppendRequest packed(List<Event> events, int count) {
        return encoded(as(Encoding.LZ4, BodyCompression.compress(Encoding.LZ4, EventsCodec.body(events)), count));
    }

    private static EncodedEvents packedNoise() {
        return as(Encoding.ZSTD, BodyCompression.compress(Encoding.ZSTD, ByteString.copyFromUtf8("hello")), 1);
    }

    private static EncodedEvents as(Encoding encoding, ByteString body, int count) {
        return EventsCodec.encoded(encoding, body, count);
    }

    private static AppendRequest chunk(List<Event> events) {
        return encoded(EventsCodec.encode(events));
    }

    private static Arguments bad(String what, AppendRequest request, ErrorCode code, String fact, String value) {
        return Arguments.of(what, request, code, fact, value);
    }

    private static AppendRequest producer(String id, long sequence) {
        return events("orders", PAID).toBuilder()
                .setProducer(Producer.newBuilder().setId(id).setSequence(sequence))
                .build();
    }

    private static EncodedEvents body(ByteString body, int count) {
        return EncodedEvents.newBuilder()
                .setBody(body)
                .setCrc32C(EventsCodec.crc32c(body))
                .setCount(count)
                .build();
    }

    private static AppendRequest encoded(EncodedEvents encoded) {
        return AppendRequest.newBuilder().setTopic("orders").setEncoded(encoded).build();
    }

    private static AppendRequest events(String topic, Event... events) {
        return AppendRequest.newBuilder()
                .setTopic(topic)
                .setEvents(Events.newBuilder().addAllEvents(List.of(events)))
                .build();
    }

    private static ByteString zeros(int count) {
        return ByteString.copyFrom(new byte[count]);
    }
}
