package io.eckermann.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReadProgressTest {
    private static final long FRAME_BYTES = 512 << 10;
    private static final int COUNT = 65_536;

    @ParameterizedTest
    @EnumSource(
            value = Direction.class,
            names = {"FORWARD", "BACKWARD"})
    void fewOfManyTinyEventsAreMadeAtOnce(Direction direction) {
        boolean forward = direction == Direction.FORWARD;
        Chunk chunk = chunk(1, COUNT, Event.getDefaultInstance());
        ReadRequest request = ReadRequest.newBuilder()
                .setDirection(direction)
                .setUntilNs(forward ? COUNT - 9 : 0)
                .build();
        ReadProgress progress = new ReadProgress(request, 1, COUNT, forward ? 1 : COUNT, FRAME_BYTES);
        List<Long> positions = new ArrayList<>();
        while (!progress.ended()) {
            List<Long> some = positions(progress.frames(List.of(chunk)));
            assertThat(some).hasSizeBetween(1, 10_000);
            positions.addAll(some);
        }
        if (!forward) {
            Collections.reverse(positions);
        }
        assertThat(positions)
                .isEqualTo(LongStream.rangeClosed(1, forward ? COUNT - 10 : COUNT)
                        .boxed()
                        .toList());
    }

    @Test
    void eventsOfOneFrameAreMadeAtOnceAlsoWhenTheirChunksAreSmall() {
        Event large = Event.newBuilder()
                .setPayload(ByteString.copyFrom(new byte[300_000]))
                .build();
        List<Chunk> chunks =
                LongStream.rangeClosed(1, 8).mapToObj(at -> chunk(at, 1, large)).toList();
        ReadProgress progress = new ReadProgress(ReadRequest.getDefaultInstance(), 1, 8, 1, FRAME_BYTES);
        assertThat(positions(progress.frames(chunks))).containsExactly(1L);
        assertThat(progress.next()).isEqualTo(2);
        assertThat(positions(progress.frames(chunks.subList(1, 8)))).containsExactly(2L);
    }

    @Test
    void aFrameOfChunksHoldsNoMoreEventsThanOneAppendMay() {
        ReadRequest request =
                ReadRequest.newBuilder().setFormat(ReadRequest.Format.CHUNKS).build();
        List<Chunk> chunks = LongStream.range(0, 4)
                .mapToObj(at -> chunk(1 + at * 40_000, 40_000, Event.getDefaultInstance()))
                .toList();
        ReadProgress progress = new ReadProgress(request, 1, 160_000, 1, FRAME_BYTES);
        assertThat(progress.frames(chunks))
                .hasSize(4)
                .allSatisfy(
                        frame -> assertThat(frame.getChunks().getChunksCount()).isEqualTo(1));
        assertThat(progress.ended()).isTrue();
    }

    @Test
    void framesThatReadersShareAreBoundedAsWell() {
        ReadProgress progress =
                new ReadProgress(ReadRequest.newBuilder().setFollow(true).build(), 1, COUNT, 1, FRAME_BYTES);
        assertThat(progress.wantsWhole(List.of(chunk(1, 10_000, Event.getDefaultInstance()))))
                .isTrue();
        assertThat(progress.wantsWhole(List.of(chunk(1, 10_001, Event.getDefaultInstance()))))
                .isFalse();
    }

    private static List<Long> positions(List<ReadFrame> frames) {
        return frames.stream()
                .flatMap(frame -> frame.getEvents().getEventsList().stream())
                .map(RecordedEvent::getPosition)
                .toList();
    }

    /** The event at position p is recorded at p. */
    private static Chunk chunk(long first, int count, Event event) {
        ByteString plain = EventsCodec.body(Collections.nCopies(count, event));
        return Chunk.newBuilder()
                .setFirstPosition(first)
                .setFirstRecordedNs(first)
                .setCount(count)
                .setEncoding(Encoding.ZSTD)
                .setBody(BodyCompression.compress(Encoding.ZSTD, plain))
                .build();
    }
}
