package io.eckermann.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies that a stranger made. In a build the inputs that are kept are tried again; see chaos-tests/README.md for more. */
class BodiesFuzzTest {
    private static final ChunkFacts.Judge LENIENT = (number, event) -> {};

    /** What it says of itself: an encoding, a count; then the body. */
    private record Stranger(Encoding encoding, int count, ByteString body) {
        static Stranger of(byte[] data) {
            ByteBuffer in = ByteBuffer.wrap(data);
            Encoding encoding = in.hasRemaining() ? Encoding.forNumber(Math.floorMod(in.get(), 3)) : Encoding.PLAIN;
            // Mostly a small count; some that no body can hold.
            int count = in.hasRemaining() ? in.get() : 0;
            return new Stranger(encoding, count < 0 ? count << 24 : count, ByteString.copyFrom(in));
        }
    }

    @FuzzTest
    void aLookAcceptsWhatDecodingDoes(byte[] data) {
        Stranger stranger = Stranger.of(data);
        List<Event> events = decoded(stranger);
        ChunkFacts facts = looked(stranger);
        assertThat(facts == null).as("looked and decoded differ").isEqualTo(events == null);
        if (events != null && facts != null) {
            int largest = events.stream()
                    .mapToInt(event -> event.getPayload().size())
                    .max()
                    .orElse(0);
            assertThat(facts.count()).isEqualTo(events.size()).isEqualTo(stranger.count());
            assertThat(facts.largestPayload()).isEqualTo(largest);
        }
    }

    private static @Nullable List<Event> decoded(Stranger stranger) {
        try {
            return EventsCodec.decode(stranger.encoding(), stranger.body(), stranger.count());
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
            return null;
        }
    }

    private static @Nullable ChunkFacts looked(Stranger stranger) {
        try {
            return EventsCodec.check(stranger.encoding(), stranger.body(), stranger.count(), LENIENT);
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
            return null;
        }
    }

    @FuzzTest
    void aChunkIsReadInPartsAsInOne(byte[] data) {
        Chunk chunk;
        try {
            chunk = Chunk.parseFrom(data);
        } catch (InvalidProtocolBufferException noMessage) {
            return;
        }
        List<Event> whole;
        try {
            whole = EventsCodec.events(chunk);
        } catch (StoreException e) {
            assertThat(e.code()).isIn(ErrorCode.DATA_CORRUPT, ErrorCode.BAD_REQUEST);
            return;
        }
        List<Event> parts = new ArrayList<>();
        ChunkReader reader = new ChunkReader();
        int half = chunk.getCount() / 2;
        parts.addAll(reader.events(chunk, 0, half));
        parts.addAll(reader.events(chunk, half, chunk.getCount() - half));
        assertThat(parts).isEqualTo(whole).hasSize(chunk.getCount());
    }
}
