package io.eckermann.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkReaderTest {
    private static final List<Event> EVENTS = IntStream.range(0, 10)
            .mapToObj(i -> Event.newBuilder()
                    .setPayload(ByteString.copyFromUtf8("the same text again and again " + i))
                    .build())
            .toList();

    private static final ByteString BODY = BodyCompression.compress(Encoding.LZ4, EventsCodec.body(EVENTS));

    private final ChunkReader reader = new ChunkReader();

    @Test
    void neighboursThatShareABodyHaveItUnpackedOnce() throws IOException {
        // As they arrive over the network, each with bytes of its own.
        Chunk first = part(BODY, 0, 4);
        Chunk second = part(ByteString.copyFrom(BODY.toByteArray()), 6, 4);
        List<Event> ofFirst = reader.events(first, 0, 4);
        List<Event> ofSecond = reader.events(second, 1, 2);
        assertThat(ofFirst).isEqualTo(EVENTS.subList(0, 4));
        assertThat(ofSecond).isEqualTo(EVENTS.subList(7, 9));
        assertThat(memory(ofSecond.get(0))).isSameAs(memory(ofFirst.get(0)));
        assertThat(memory(new ChunkReader().events(second, 0, 4).get(0))).isNotSameAs(memory(ofFirst.get(0)));
    }

    @Test
    void anotherBodyIsNotMistakenForTheLast() {
        assertThat(reader.events(part(BODY, 0, 4), 0, 4)).isEqualTo(EVENTS.subList(0, 4));
        List<Event> others = List.of(EVENTS.get(9), EVENTS.get(8));
        ByteString other = BodyCompression.compress(Encoding.LZ4, EventsCodec.body(others));
        assertThat(reader.events(part(other, 0, 2), 0, 2)).isEqualTo(others);
        assertThat(reader.events(part(BODY, 2, 3), 0, 3)).isEqualTo(EVENTS.subList(2, 5));
        assertThatThrownBy(() -> reader.events(part(BODY, 8, 3), 0, 3)).isInstanceOf(StoreException.class);
    }

    private static Chunk part(ByteString body, int skip, int count) {
        return Chunk.newBuilder()
                .setFirstPosition(1)
                .setCount(count)
                .setSkip(skip)
                .setEncoding(Encoding.LZ4)
                .setCrc32C(EventsCodec.crc32c(body))
                .setBody(body)
                .build();
    }

    /** The array in which the event's payload lies. */
    private static byte[] memory(Event event) throws IOException {
        AtomicReference<byte[]> found = new AtomicReference<>();
        UnsafeByteOperations.unsafeWriteTo(event.getPayload(), new ByteOutput() {
            @Override
            public void write(byte value) {
                throw new AssertionError("one by one");
            }

            @Override
            public void write(byte[] value, int offset, int length) {
                found.set(value);
            }

            @Override
            public void writeLazy(byte[] value, int offset, int length) {
                found.set(value);
            }

            @Override
            public void write(ByteBuffer value) {
                throw new AssertionError("not in an array");
            }

            @Override
            public void writeLazy(ByteBuffer value) {
                throw new AssertionError("not in an array");
            }
        });
        return Objects.requireNonNull(found.get());
    }
}
