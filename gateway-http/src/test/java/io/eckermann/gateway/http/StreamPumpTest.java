package io.eckermann.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.calls.Correlation;
import io.eckermann.gateway.read.AfterReads;
import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.ChunkBatch;
import io.eckermann.protocol.v1.ChunkSlice;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.ReadFrame;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamPumpTest {
    private static final int EVENTS = 30_000;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Boolean> ended = new ArrayList<>();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theTextOfOneFrameOfManyEventsIsSentInPieces(boolean backward) {
        ReadFrame small = ReadFrame.newBuilder()
                .setChunks(ChunkBatch.newBuilder()
                        .addChunks(slice(1, 10, 3, 5))
                        .addChunks(slice(11, EVENTS, 7, EVENTS - 9)))
                .build();
        assertThat(small.getSerializedSize()).isLessThan(10_000);
        pump(ScriptedStream.of(small), backward).start();
        channel.runPendingTasks();

        List<Integer> sizes = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (Object sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            ByteBuf content = ((HttpContent) sent).content();
            sizes.add(content.readableBytes());
            text.append(content.toString(StandardCharsets.UTF_8));
            content.release();
        }
        assertThat(sizes).allSatisfy(size -> assertThat(size).isLessThan(520 << 10));
        assertThat(sizes).hasSizeGreaterThan(5);
        List<Integer> positions = new ArrayList<>(text.toString()
                .lines()
                .map(line -> TestDoor.json(line).get("position").asInt())
                .toList());
        List<Integer> first = new ArrayList<>(IntStream.range(4, 9).boxed().toList());
        List<Integer> second =
                new ArrayList<>(IntStream.range(18, 18 + EVENTS - 9).boxed().toList());
        if (backward) {
            Collections.reverse(first);
            Collections.reverse(second);
        }
        first.addAll(second);
        assertThat(positions).isEqualTo(first);
        assertThat(ended).containsExactly(true);
    }

    @Test
    void aStreamWhoseTextHasNoMemoryIsClosed() {
        channel.config().setAllocator(new AbstractByteBufAllocator() {
            @Override
            protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
                throw new OutOfMemoryError("none left, says the test");
            }

            @Override
            public boolean isDirectBufferPooled() {
                return false;
            }

            @Override
            protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
                throw new OutOfMemoryError("none left, says the test");
            }
        });
        ScriptedStream stream = ScriptedStream.waitingAfter(ScriptedStream.events(1, "1"));
        pump(stream, false).start();
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(stream.closed).isTrue();
    }

    private StreamPump pump(ScriptedStream stream, boolean backward) {
        Answer.Flow flow = new Answer.Flow(Map.of(), stream, StreamFormat.NDJSON, backward);
        return new StreamPump(
                channel,
                flow,
                new AfterReads(Runnable::run),
                new Outgoing(1 << 20),
                Duration.ofHours(1),
                Correlation.NONE,
                ended::add);
    }

    private static ChunkSlice slice(long first, int count, int skip, int take) {
        ByteString plain = EventsCodec.body(Collections.nCopies(count, Event.getDefaultInstance()));
        return ChunkSlice.newBuilder()
                .setSkip(skip)
                .setTake(take)
                .setChunk(Chunk.newBuilder()
                        .setFirstPosition(first)
                        .setFirstRecordedNs(FakeUseCases.RECORDED_NS)
                        .setCount(count)
                        .setEncoding(Encoding.ZSTD)
                        .setBody(BodyCompression.compress(Encoding.ZSTD, plain)))
                .build();
    }
}
