package io.eckermann.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A scan and a full decode must say the same of every body: the door believes the one, readers need the other. */
class EventsScanTest {
    @Property(tries = 500)
    void factsAreThoseOfTheEvents(@ForAll("events") List<Event> events) {
        ByteString body = EventsCodec.body(events);
        Checked facts = check(Encoding.PLAIN, body, events.size());
        assertThat(facts.facts().plainBytes()).isEqualTo(body.size());
        assertSame(facts, events);
    }

    @Property(tries = 4000)
    void mutatedBodiesAreJudgedAsByDecoding(@ForAll("events") List<Event> events, @ForAll long seed) {
        assertJudgedAlike(mutated(EventsCodec.body(events).toByteArray(), new Random(seed)), events.size());
    }

    @Property(tries = 4000)
    void oddFieldsAreJudgedAsByDecoding(@ForAll("oddFields") List<byte[]> fields) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        fields.forEach(event::writeBytes);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(0x0a);
        writeVarint(body, event.size());
        body.writeBytes(event.toByteArray());
        assertJudgedAlike(body.toByteArray(), 1);
    }

    @Property(tries = 1000)
    void noiseIsJudgedAsByDecoding(@ForAll byte[] noise) {
        assertJudgedAlike(noise, 1);
    }

    @Property(tries = 300)
    void compressedBodiesHaveTheFactsOfThePlainOne(
            @ForAll("events") List<Event> events, @ForAll("packed") Encoding as) {
        ByteString body = EventsCodec.body(events);
        assertThat(check(as, BodyCompression.compress(as, body), events.size()))
                .isEqualTo(check(Encoding.PLAIN, body, events.size()));
    }

    @Test
    void bodyInSeveralPiecesIsScannedLikeOneInOne() {
        List<Event> events = List.of(event("first", "a"), event("second", "b", "b"));
        ByteString body = EventsCodec.body(events);
        ByteString pieces = body.substring(0, 5).concat(body.substring(5)).concat(ByteString.copyFrom(new byte[300]));
        ByteString rope = pieces.substring(0, body.size());
        assertThat(check(Encoding.PLAIN, rope, 2)).isEqualTo(check(Encoding.PLAIN, body, 2));
    }

    @Test
    void eventsWithDoubtfulTagsOrAttributesAreSuspects() {
        Event large = event("x").toBuilder()
                .setKey("k".repeat(Limits.EVENT_ATTRIBUTES_BYTES_MAX + 1))
                .build();
        List<Event> events = List.of(event("x", "a", "b"), event("x", "a", "a"), event("x", ""), large, event("xyz"));
        Checked facts = check(Encoding.PLAIN, EventsCodec.body(events), 5);
        assertThat(facts.suspects())
                .containsExactly(
                        new Suspect(2, events.get(1)), new Suspect(3, events.get(2)), new Suspect(4, events.get(3)));
        assertThat(facts.facts().largestPayload()).isEqualTo(3);
        assertThat(facts.facts().largestEvent()).isEqualTo(5);
    }

    @Test
    void suspectsAreJudgedAsTheyAreFoundAndNotCollected() {
        ByteString body = EventsCodec.body(Collections.nCopies(Limits.APPEND_EVENTS_MAX, event("x", "")));
        AtomicInteger judged = new AtomicInteger();
        ChunkFacts.Judge strict = (number, event) -> {
            judged.incrementAndGet();
            throw new StoreException(ErrorCode.BAD_REQUEST, "An empty tag.");
        };
        assertThatThrownBy(() -> EventsCodec.check(Encoding.PLAIN, body, Limits.APPEND_EVENTS_MAX, strict))
                .hasMessage("An empty tag.");
        assertThat(judged).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 3, Integer.MAX_VALUE})
    void anotherCountIsRefused(int count) {
        ByteString body = EventsCodec.body(List.of(event("a"), event("b")));
        assertThat(outcome(() -> check(Encoding.PLAIN, body, count)))
                .isEqualTo("A chunk holds another number of events than it says.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0a022a00", "8a00022a00"})
    void nothingBehindTheDeclaredCountIsLookedAt(String event) {
        ByteString one = ByteString.fromHex(event);
        // A tag that is no text: whoever parses it complains of that.
        ByteString wrong = ByteString.fromHex("0a032a01ff");
        ByteString body = ByteString.copyFrom(Collections.nCopies(1_000, one)).concat(wrong);
        assertThat(outcome(() -> check(Encoding.PLAIN, body, 1_000)))
                .isEqualTo("A chunk holds another number of events than it says.");
        assertThat(outcome(() -> EventsCodec.decode(Encoding.PLAIN, body, 1_000)))
                .isEqualTo("A chunk holds another number of events than it says.");
        assertThat(outcome(() -> check(Encoding.PLAIN, body, 1_001)))
                .isEqualTo("A chunk's body is not a list of events.");
    }

    private static void assertJudgedAlike(byte[] bytes, int count) {
        ByteString body = ByteString.copyFrom(bytes);
        List<Event> decoded = new ArrayList<>();
        List<Checked> facts = new ArrayList<>();
        String byDecode = outcome(() -> decoded.addAll(EventsCodec.decode(Encoding.PLAIN, body, count)));
        String byScan = outcome(() -> facts.add(check(Encoding.PLAIN, body, count)));
        assertThat(byScan).isEqualTo(byDecode);
        if (byScan.isEmpty()) {
            assertSame(facts.get(0), decoded);
        }
    }

    private record Suspect(int number, Event event) {}

    private record Checked(ChunkFacts facts, List<Suspect> suspects) {}

    private static Checked check(Encoding encoding, ByteString body, int count) {
        List<Suspect> suspects = new ArrayList<>();
        ChunkFacts facts =
                EventsCodec.check(encoding, body, count, (number, event) -> suspects.add(new Suspect(number, event)));
        return new Checked(facts, suspects);
    }

    private static void assertSame(Checked checked, List<Event> events) {
        ChunkFacts facts = checked.facts();
        assertThat(facts.count()).isEqualTo(events.size());
        int largest = events.stream()
                .mapToInt(event -> event.getPayload().size())
                .max()
                .orElse(0);
        assertThat(facts.largestPayload()).isEqualTo(largest);
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).getPayload().size() == largest) {
                assertThat(facts.largestEvent()).isEqualTo(i + 1);
                break;
            }
        }
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            boolean doubtful = event.getTagsList().contains("")
                    || new HashSet<>(event.getTagsList()).size() < event.getTagsCount();
            Suspect suspect = new Suspect(i + 1, event);
            if (doubtful) {
                assertThat(checked.suspects()).contains(suspect);
            }
        }
        for (Suspect suspect : checked.suspects()) {
            assertThat(suspect.event()).isEqualTo(events.get(suspect.number() - 1));
        }
    }

    /** What was said against it; empty when nothing. */
    private static String outcome(Runnable judge) {
        try {
            judge.run();
            return "";
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
            return String.valueOf(e.getMessage());
        }
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] result = bytes.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && result.length > 0; i++) {
            int at = random.nextInt(result.length);
            switch (random.nextInt(4)) {
                case 0 -> result[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> result[at] = (byte) random.nextInt(256);
                case 2 -> result = spliced(result, at, at + 1, new byte[0]);
                default -> result = spliced(result, at, at, new byte[] {(byte) random.nextInt(256)});
            }
        }
        return result;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        out.writeBytes(between);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }

    private static void writeVarint(ByteArrayOutputStream out, int value) {
        int left = value;
        while (left >= 0x80) {
            out.write(left | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }

    private static Event event(String payload, String... tags) {
        return Event.newBuilder()
                .setPayload(ByteString.copyFromUtf8(payload))
                .addAllTags(List.of(tags))
                .build();
    }

    /** Tags and lengths as they should be, with contents as they should not. */
    @Provide
    Arbitrary<List<byte[]>> oddFields() {
        Arbitrary<byte[]> content = Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofMaxSize(8),
                Arbitraries.of(
                        new byte[] {},
                        new byte[] {'a'},
                        new byte[] {(byte) 0xc3, (byte) 0xa9},
                        new byte[] {(byte) 0xc0, (byte) 0x80},
                        new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                        new byte[] {0x0a, 0x01, 'n', 0x12, 0x01, 'v'},
                        new byte[] {0x12, 0x01, 'v'},
                        new byte[] {0x0a, 0x01, (byte) 0x80},
                        new byte[] {0x0a, (byte) 0x81, 0x00, 'n'},
                        new byte[] {0x0a, 0x05, 'n'},
                        new byte[] {0x18, 0x01}));
        Arbitrary<byte[]> field = Combinators.combine(
                        Arbitraries.integers().between(1, 9),
                        content,
                        Arbitraries.integers().between(0, 3))
                .as((number, bytes, padding) -> {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    out.write((number << 3) | 2);
                    if (padding == 1) {
                        out.write(bytes.length | 0x80);
                        out.write(0);
                    } else {
                        out.write(bytes.length);
                    }
                    out.writeBytes(bytes);
                    return out.toByteArray();
                });
        Arbitrary<byte[]> others = Arbitraries.of(
                new byte[] {0x38, 0x05},
                new byte[] {0x38, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0x01},
                new byte[] {0x38, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0x01},
                new byte[] {(byte) 0x8a, 0x00, 0x01, 'p'},
                new byte[] {0x4b, 0x08, 0x01, 0x4c},
                new byte[] {0x4b, 0x08, 0x01, 0x54},
                new byte[] {0x4c},
                new byte[] {0x08, 0x01},
                new byte[] {0x0d, 0, 0, 0, 0},
                new byte[] {0x09, 0, 0, 0, 0, 0, 0, 0, 0},
                new byte[] {0x00},
                new byte[] {0x0f});
        return Arbitraries.oneOf(field, others).list().ofMaxSize(5);
    }

    @Provide
    Arbitrary<List<Event>> events() {
        Arbitrary<String> text = Arbitraries.oneOf(
                Arbitraries.strings().alpha().ofMaxLength(6),
                Arbitraries.strings().ofMaxLength(6));
        Arbitrary<ByteString> payload =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(40).map(ByteString::copyFrom);
        return Combinators.combine(
                        payload,
                        text,
                        text,
                        Arbitraries.oneOf(
                                text.list().ofMaxSize(4),
                                Arbitraries.strings()
                                        .numeric()
                                        .ofLength(1)
                                        .list()
                                        .ofMaxSize(20)),
                        Arbitraries.maps(text, text).ofMaxSize(3),
                        Arbitraries.longs())
                .as((bytes, type, key, tags, headers, time) -> Event.newBuilder()
                        .setPayload(bytes)
                        .setType(type)
                        .setKey(key)
                        .setId(key)
                        .addAllTags(tags)
                        .putAllHeaders(headers)
                        .setTimeNs(time)
                        .build())
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<Encoding> packed() {
        return Arbitraries.of(Encoding.ZSTD, Encoding.LZ4);
    }
}
