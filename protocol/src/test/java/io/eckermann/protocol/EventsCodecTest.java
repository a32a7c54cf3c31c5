package io.eckermann.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EventsCodecTest {
    @Property(tries = 300)
    void eventsSurviveTheRoundTrip(@ForAll("events") List<Event> events) {
        EncodedEvents encoded = EventsCodec.encode(events);
        assertThat(encoded.getCount()).isEqualTo(events.size());
        assertThat(encoded.getCrc32C()).isEqualTo(EventsCodec.crc32c(encoded.getBody()));
        assertThat(EventsCodec.decode(encoded.getEncoding(), encoded.getBody(), encoded.getCount()))
                .isEqualTo(events);
    }

    @Property(tries = 200)
    void bodiesLaidSideBySideAreOneBody(@ForAll("events") List<Event> first, @ForAll("events") List<Event> second) {
        ByteString body = EventsCodec.encode(first)
                .getBody()
                .concat(EventsCodec.encode(second).getBody());
        List<Event> all = new ArrayList<>(first);
        all.addAll(second);
        assertThat(EventsCodec.decode(Encoding.PLAIN, body, all.size())).isEqualTo(all);
    }

    @Property(tries = 300)
    void truncatedBodyIsDataCorrupt(@ForAll("events") List<Event> events, @ForAll("fraction") double cut) {
        EncodedEvents encoded = EventsCodec.encode(events);
        ByteString torn =
                encoded.getBody().substring(0, (int) (cut * encoded.getBody().size()));
        assertCorrupt(torn, encoded.getCount());
    }

    @Property(tries = 500)
    void everyFlippedBitIsSeenByTheChecksumAndDecodesWithoutSurprise(
            @ForAll("events") List<Event> events, @ForAll("fraction") double at) {
        EncodedEvents encoded = EventsCodec.encode(events);
        byte[] bytes = encoded.getBody().toByteArray();
        int bit = (int) (at * bytes.length * 8);
        bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        ByteString flipped = ByteString.copyFrom(bytes);
        assertThat(EventsCodec.crc32c(flipped)).isNotEqualTo(encoded.getCrc32C());
        try {
            assertThat(EventsCodec.decode(Encoding.PLAIN, flipped, encoded.getCount()))
                    .hasSize(encoded.getCount());
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
        }
    }

    @Property(tries = 500)
    void noiseDecodesWithoutSurprise(@ForAll byte[] noise) {
        try {
            assertThat(EventsCodec.decode(Encoding.PLAIN, ByteString.copyFrom(noise), 1))
                    .hasSize(1);
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
        }
    }

    @Test
    void anotherCountIsDataCorrupt() {
        ByteString body =
                EventsCodec.encode(List.of(Event.getDefaultInstance())).getBody();
        assertCorrupt(body, 0);
        assertCorrupt(body, 2);
    }

    @Test
    void absurdCountIsDataCorrupt() {
        ByteString body =
                EventsCodec.encode(List.of(Event.getDefaultInstance())).getBody();
        assertCorrupt(body, -1);
        assertCorrupt(body, Integer.MAX_VALUE);
    }

    @Test
    void unknownEncodingIsDataCorrupt() {
        assertThatThrownBy(() -> EventsCodec.decode(Encoding.UNRECOGNIZED, ByteString.EMPTY, 0))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void eventWithNothingInItIsAnEvent() {
        EncodedEvents encoded = EventsCodec.encode(List.of(Event.getDefaultInstance()));
        assertThat(encoded.getCount()).isEqualTo(1);
        assertThat(encoded.getBody().size()).isPositive();
    }

    @Test
    void checksumIsCastagnolis() {
        // The check value of CRC-32C in the catalogue of parametrised CRC algorithms.
        assertThat(EventsCodec.crc32c(ByteString.copyFrom("123456789", StandardCharsets.US_ASCII)))
                .isEqualTo(0xE3069283);
    }

    @Test
    void checksumDoesNotDependOnHowBytesAreCut() {
        ByteString whole = ByteString.copyFromUtf8("a".repeat(700));
        assertThat(EventsCodec.crc32c(whole.substring(0, 333).concat(whole.substring(333))))
                .isEqualTo(EventsCodec.crc32c(whole));
    }

    @Provide
    Arbitrary<List<Event>> events() {
        Arbitrary<String> text = Arbitraries.strings().ofMaxLength(12);
        Arbitrary<ByteString> payload =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(200).map(ByteString::copyFrom);
        return Combinators.combine(
                        payload,
                        text,
                        text,
                        text.list().ofMaxSize(3),
                        Arbitraries.maps(text, text).ofMaxSize(3))
                .as((bytes, type, key, tags, headers) -> Event.newBuilder()
                        .setPayload(bytes)
                        .setType(type)
                        .setKey(key)
                        .addAllTags(tags)
                        .putAllHeaders(headers)
                        .setTimeNs(bytes.size() - 5L)
                        .build())
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<Double> fraction() {
        return Arbitraries.doubles().between(0, true, 1, false);
    }

    private static void assertCorrupt(ByteString body, int count) {
        assertThatThrownBy(() -> EventsCodec.decode(Encoding.PLAIN, body, count))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT));
    }
}
