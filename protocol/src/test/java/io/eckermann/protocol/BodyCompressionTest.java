package io.eckermann.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BodyCompressionTest {
    @Property(tries = 300)
    void bodiesSurviveTheRoundTrip(@ForAll("encodings") Encoding as, @ForAll("bodies") byte[] bytes) {
        ByteString plain = ByteString.copyFrom(bytes);
        ByteString body = BodyCompression.compress(as, plain);
        assertThat(BodyCompression.plainSize(as, body)).isEqualTo(plain.size());
        assertThat(BodyCompression.decompress(as, body)).isEqualTo(plain);
    }

    @Property(tries = 2000)
    void mutatedBodiesAreCorruptOrDecompressToWhatTheySay(
            @ForAll("packed") Encoding as, @ForAll("bodies") byte[] bytes, @ForAll long seed) {
        Random random = new Random(seed);
        byte[] body = BodyCompression.compress(as, ByteString.copyFrom(bytes)).toByteArray();
        for (int i = random.nextInt(3); i >= 0; i--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt();
        }
        ByteString mutated = ByteString.copyFrom(body).substring(0, body.length - random.nextInt(2));
        try {
            assertThat((long) BodyCompression.decompress(as, mutated).size())
                    .isEqualTo(BodyCompression.plainSize(as, mutated))
                    .isLessThanOrEqualTo(Limits.APPEND_BYTES_MAX);
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
        }
    }

    @Property(tries = 1000)
    void noiseDecompressesWithoutSurprise(@ForAll("packed") Encoding as, @ForAll byte[] noise) {
        try {
            assertThat(BodyCompression.decompress(as, ByteString.copyFrom(noise))
                            .size())
                    .isLessThanOrEqualTo(Limits.APPEND_BYTES_MAX);
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
        }
    }

    @Test
    void fewBytesThatSayTheyAreManyAreRefused() {
        ByteString zstdBomb = ByteString.copyFrom(Zstd.compress(new byte[Limits.APPEND_BYTES_MAX + 1], 1));
        assertThat(zstdBomb.size()).isLessThan(1_000);
        assertThat(BodyCompression.plainSize(Encoding.ZSTD, zstdBomb)).isEqualTo(Limits.APPEND_BYTES_MAX + 1L);
        assertCorrupt(Encoding.ZSTD, zstdBomb);
        // 2 GiB of an LZ4 block of one byte.
        assertCorrupt(Encoding.LZ4, ByteString.copyFrom(new byte[] {-1, -1, -1, 127, 0}));
    }

    @Test
    void zstdFrameMustSayItsSizeAndBeAlone() {
        byte[] plain = "goethe".repeat(50).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try (ZstdCompressCtx silent = new ZstdCompressCtx().setContentSize(false)) {
            assertCorrupt(Encoding.ZSTD, ByteString.copyFrom(silent.compress(plain)));
        }
        ByteString frame = ByteString.copyFrom(Zstd.compress(plain, 1));
        assertThat(BodyCompression.decompress(Encoding.ZSTD, frame)).isEqualTo(ByteString.copyFrom(plain));
        assertCorrupt(Encoding.ZSTD, frame.concat(frame));
        ByteString skippable = ByteString.copyFrom(new byte[] {0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0});
        assertCorrupt(Encoding.ZSTD, frame.concat(skippable));
    }

    @Test
    void lz4BodyIsALengthAndABlock() {
        // By the specification of the block format: one literal, 19 bytes again from 1 byte before, five literals.
        ByteString body =
                ByteString.copyFrom(new byte[] {25, 0, 0, 0, 0x1f, 'a', 1, 0, 0, 0x50, 'a', 'a', 'a', 'a', 'a'});
        assertThat(BodyCompression.decompress(Encoding.LZ4, body)).isEqualTo(ByteString.copyFromUtf8("a".repeat(25)));
    }

    @Test
    void whatIsTooLargeIsNotCompressed() {
        ByteString large = ByteString.copyFrom(new byte[Limits.APPEND_BYTES_MAX + 1]);
        assertThatThrownBy(() -> BodyCompression.compress(Encoding.ZSTD, large))
                .isInstanceOf(IllegalArgumentException.class);
        ByteString largest = large.substring(1);
        assertThat(BodyCompression.decompress(Encoding.ZSTD, BodyCompression.compress(Encoding.ZSTD, largest)))
                .isEqualTo(largest);
    }

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"ZSTD", "LZ4"})
    void chunkShowsItsPartOfASharedBody(Encoding as) {
        List<Event> events = IntStream.rangeClosed(1, 10)
                .mapToObj(i -> Event.newBuilder().setKey("k" + i).build())
                .toList();
        ByteString body = BodyCompression.compress(as, EventsCodec.body(events));
        Chunk chunk = Chunk.newBuilder()
                .setEncoding(as)
                .setBody(body)
                .setSkip(3)
                .setCount(4)
                .build();
        assertThat(EventsCodec.events(chunk)).isEqualTo(events.subList(3, 7));
        assertThat(EventsCodec.events(chunk, 1, 2)).isEqualTo(events.subList(4, 6));
        assertThat(EventsCodec.events(chunk, 4, 0)).isEmpty();
        assertSliceCorrupt(chunk, 3, 2);
        assertSliceCorrupt(chunk, -1, 2);
        assertSliceCorrupt(chunk.toBuilder().setSkip(7).build(), 0, 1);
        assertSliceCorrupt(chunk.toBuilder().setSkip(-1).build(), 0, 1);
    }

    @Test
    void plainChunkHoldsItsEventsAndNoOthers() {
        List<Event> events = List.of(
                Event.newBuilder().setKey("a").build(),
                Event.newBuilder().setKey("b").build());
        Chunk chunk =
                Chunk.newBuilder().setBody(EventsCodec.body(events)).setCount(2).build();
        assertThat(EventsCodec.events(chunk, 1, 1)).isEqualTo(events.subList(1, 2));
        assertSliceCorrupt(chunk.toBuilder().setCount(1).build(), 0, 1);
        assertSliceCorrupt(chunk.toBuilder().setSkip(1).setCount(1).build(), 0, 1);
    }

    private static void assertSliceCorrupt(Chunk chunk, int skip, int take) {
        assertThatThrownBy(() -> EventsCodec.events(chunk, skip, take))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT));
    }

    private static void assertCorrupt(Encoding encoding, ByteString body) {
        assertThatThrownBy(() -> BodyCompression.decompress(encoding, body))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT));
    }

    @Provide
    Arbitrary<Encoding> encodings() {
        return Arbitraries.of(Encoding.PLAIN, Encoding.ZSTD, Encoding.LZ4);
    }

    @Provide
    Arbitrary<Encoding> packed() {
        return Arbitraries.of(Encoding.ZSTD, Encoding.LZ4);
    }

    /** Noise, and what repeats. */
    @Provide
    Arbitrary<byte[]> bodies() {
        Arbitrary<byte[]> noise =
                Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(600);
        return Arbitraries.oneOf(noise, noise.map(part -> {
            byte[] whole = new byte[part.length * 20];
            for (int i = 0; i < whole.length; i++) {
                whole[i] = part[i % Math.max(1, part.length / 8)];
            }
            return whole;
        }));
    }
}
