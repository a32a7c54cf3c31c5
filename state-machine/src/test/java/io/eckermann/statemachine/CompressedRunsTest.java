package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Operation.ProducerSequence;
import io.eckermann.statemachine.command.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressedRunsTest {
    private static final String LONG = "{\"status\":\"paid\",\"total\":12}".repeat(40);

    @TempDir
    Path directory;

    private TestStore store;
    private long topic;

    @BeforeEach
    void open() {
        store = new TestStore(directory.resolve("one")).compressing();
        topic = store.createTopic("orders");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void smallAppendsOfOneTopicBecomeOneCompressedChunk() {
        List<Operation.Append> appends =
                IntStream.range(0, 20).mapToObj(i -> append(null, i)).toList();
        List<Result> results = store.commit(9_000, appends);
        assertThat(results).extracting(CompressedRunsTest::first).containsExactlyElementsOf(positions(1, 20));
        List<Chunk> chunks = store.view().forward(topic, 1, Long.MAX_VALUE);
        assertThat(chunks).hasSize(1);
        assertThat(chunks.get(0).getEncoding()).isEqualTo(Encoding.ZSTD);
        assertThat(chunks.get(0).getCount()).isEqualTo(20);
        assertThat(chunks.get(0).getSkip()).isZero();
        assertThat(chunks.get(0).getBody().size()).isLessThan(LONG.length());
        assertThat(TestStore.payloads(chunks))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> LONG + i).toList());
        assertThat(store.view().topic(topic).orElseThrow().sizeBytes())
                .isEqualTo(chunks.get(0).getBody().size());
    }

    @Test
    void whatIsRefusedOrKnownWithinARunPartsItIntoChunksOfOneBody() {
        Result first = store.commit(5_000, append(by(1), 1));
        List<Result> results = store.commit(
                9_000,
                List.of(
                        append(null, 10),
                        append(null, 11),
                        append(by(1), 1),
                        append(by(2), 12),
                        append(by(9), 13),
                        append(null, 14)));
        assertThat(first(results.get(2))).isEqualTo(first(first));
        assertThat(((Result.Appended) results.get(2)).duplicate()).isTrue();
        assertThat(results.get(4)).isInstanceOf(Result.Refused.class);
        assertThat(Stream.of(0, 1, 3, 5).map(i -> first(results.get(i)))).containsExactly(2L, 3L, 4L, 5L);

        List<Chunk> chunks = store.view().forward(topic, 2, Long.MAX_VALUE);
        assertThat(chunks).extracting(Chunk::getSkip).containsExactly(0, 3, 5);
        assertThat(chunks).extracting(Chunk::getCount).containsExactly(2, 1, 1);
        assertThat(chunks).extracting(Chunk::getFirstPosition).containsExactly(2L, 4L, 5L);
        assertThat(chunks).extracting(Chunk::getFirstRecordedNs).containsExactly(9_000L, 9_002L, 9_003L);
        assertThat(chunks).extracting(Chunk::getBody).allMatch(chunks.get(0).getBody()::equals);
        assertThat(chunks).allMatch(chunk -> EventsCodec.crc32c(chunk.getBody()) == chunk.getCrc32C());
        assertThat(TestStore.payloads(chunks)).containsExactly(LONG + 10, LONG + 11, LONG + 12, LONG + 14);
        // Backward, page by page, the shared body comes with each of its chunks.
        assertThat(TestStore.payloads(store.view().backward(topic, 4, 1))).containsExactly(LONG + 12);
        assertThat(store.view().positionAt(topic, 9_002, TimeSeek.AT_OR_AFTER)).hasValue(4);
    }

    @Test
    void retryOfAWholeCompressedRunGetsItsFirstResults() {
        List<Operation> appends = List.of(append(by(1), 1), append(by(2), 2), append(by(3), 3));
        List<Result> first = store.commit(5_000, appends);
        List<Result> again = store.commit(9_000, appends);
        assertThat(again)
                .extracting(CompressedRunsTest::first)
                .containsExactlyElementsOf(
                        first.stream().map(CompressedRunsTest::first).toList());
        assertThat(store.payloads(topic)).containsExactly(LONG + 1, LONG + 2, LONG + 3);
        assertThat(((Result.Refused) store.commit(9_100, append(by(2), 7)))
                        .code()
                        .name())
                .isEqualTo("SEQUENCE_REUSED");
    }

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"ZSTD", "LZ4"})
    void bodiesCompressedByClientsAreChunksOfTheirOwn(Encoding as) {
        List<Operation> appends = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ByteString body = EventsCodec.body(List.of(event(LONG + i), event("b" + i)));
            EncodedEvents encoded = EventsCodec.encoded(as, BodyCompression.compress(as, body), 2);
            appends.add(new Operation.Append(topic, 2, as, encoded.getCrc32C(), encoded.getBody(), null));
        }
        store.commit(5_000, appends);
        List<Chunk> chunks = store.view().forward(topic, 1, Long.MAX_VALUE);
        assertThat(chunks).extracting(Chunk::getFirstPosition).containsExactly(1L, 3L, 5L);
        assertThat(chunks).extracting(Chunk::getEncoding).containsOnly(as);
        assertThat(chunks)
                .extracting(Chunk::getBody)
                .containsExactlyElementsOf(appends.stream()
                        .map(append -> ((Operation.Append) append).body())
                        .toList());
        assertThat(TestStore.payloads(chunks)).containsExactly(LONG + 0, "b0", LONG + 1, "b1", LONG + 2, "b2");
    }

    @Test
    void compressedOrNotACommandMeansTheSame() {
        Random random = new Random(11);
        try (TestStore plain = new TestStore(directory.resolve("plain"));
                TestStore replica = new TestStore(directory.resolve("replica"))) {
            plain.createTopic("orders");
            long[] sequence = {1, 1};
            for (int entry = 0; entry < 40; entry++) {
                List<Operation> appends = new ArrayList<>();
                for (int i = 1 + random.nextInt(8); i > 0; i--) {
                    appends.add(any(random, sequence));
                }
                assertThat(store.commit(entry * 100L, appends)).isEqualTo(plain.commit(entry * 100L, appends));
            }
            assertThat(store.payloads(topic)).isNotEmpty().isEqualTo(plain.payloads(topic));
            assertThat(store.view().forward(topic, 1, Long.MAX_VALUE)).anyMatch(chunk -> chunk.getSkip() > 0);
            store.replayInto(replica.machine());
            assertThat(replica.machine().digest()).isEqualTo(store.machine().digest());
        }
    }

    /** Of two producers, who go on, repeat themselves, or skip some. */
    private Operation any(Random random, long[] sequence) {
        int who = random.nextInt(3);
        if (who == 2) {
            return append(null, random.nextInt(100));
        }
        int kind = random.nextInt(4);
        long next = kind == 0 ? Math.max(1, sequence[who] - 1) : kind == 1 ? sequence[who] + 5 : sequence[who]++;
        return append(new ProducerSequence("p" + who, next), (int) next);
    }

    private Operation.Append append(@Nullable ProducerSequence producer, int number) {
        return TestStore.append(topic, producer, LONG + number);
    }

    private static ProducerSequence by(long sequence) {
        return new ProducerSequence("p", sequence);
    }

    private static Event event(String payload) {
        return Event.newBuilder().setPayload(ByteString.copyFromUtf8(payload)).build();
    }

    private static long first(Result result) {
        return ((Result.Appended) result).first();
    }

    private static List<Long> positions(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }
}
