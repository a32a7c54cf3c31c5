package io.eckermann.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.eckermann.gateway.Answers;
import io.eckermann.gateway.MemoryShard;
import io.eckermann.gateway.Shard;
import io.eckermann.gateway.StoredShard;
import io.eckermann.gateway.Threads;
import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.CaughtUp;
import io.eckermann.protocol.v1.ChunkSlice;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.ReadStarted;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.TimeStart;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;

/** Every start with every bound, against a plain list of events. */
class ReadBoundsTest {
    private static final Threads THREADS = new Threads();

    @AfterContainer
    static void stop() {
        THREADS.close();
        Answers.await(THREADS::stopped);
    }

    /** How the topic was filled: for each append, the size of each event's payload and a pause before it. */
    record Append(List<Integer> payloads, int pauseNs) {}

    /** What to ask for; a bound of 0 is none. */
    record Ask(String start, long value, boolean backward, long to, Times times, long limit, long maxBytes) {}

    /** Both directions read [since, until). */
    record Times(long sinceNs, long untilNs) {}

    @Property(tries = 1_500)
    void readIsWhatAPlainListSays(
            @ForAll("topics") List<Append> appends, @ForAll("asks") Ask ask, @ForAll boolean chunks) {
        MemoryShard memory = new MemoryShard();
        check(memory.shard(), memory::clock, appends, ask, chunks);
    }

    @Property(tries = 40)
    void readOfStoredEventsIsWhatAPlainListSays(
            @ForAll("topics") List<Append> appends,
            @ForAll @Size(25) List<@From("asks") Ask> asks,
            @ForAll boolean chunks)
            throws IOException {
        Path directory = Files.createTempDirectory("read-bounds");
        try (StoredShard stored = new StoredShard(directory)) {
            for (Ask ask : asks) {
                check(stored.shard(), stored::clock, appends, ask, chunks);
            }
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    private static void check(Shard shard, LongConsumer clock, List<Append> appends, Ask ask, boolean chunks) {
        List<RecordedEvent> all = fill(shard, clock, appends);
        ReadRequest request = request(ask, chunks);
        ReadHandler handler = new ReadHandler(shard, THREADS.reads, THREADS.reads, THREADS.timer);
        ReadStream stream = Answers.of(handler.open(request, Answers.LONG));

        List<RecordedEvent> read = new ArrayList<>();
        ReadStarted started = Answers.of(stream.next()).orElseThrow().getStarted();
        CaughtUp end = drain(stream, ask.backward(), read);

        Expected expected = expected(all, ask);
        assertThat(read).isEqualTo(expected.events);
        assertThat(started.getPosition()).isEqualTo(expected.start);
        assertThat(started.getSnapped()).isEqualTo(expected.snapped);
        assertThat(started.getHead()).isEqualTo(all.size());
        assertThat(end.getHead()).isEqualTo(all.size());
        long next = expected.start + (ask.backward() ? -read.size() : read.size());
        assertThat(end.getNext()).isEqualTo(ask.backward() ? 0 : next);
        assertThat(end.getComplete()).isEqualTo(ask.backward() ? next < 1 : next > all.size());
    }

    private record Expected(List<RecordedEvent> events, long start, boolean snapped) {}

    private static Expected expected(List<RecordedEvent> all, Ask ask) {
        long head = all.size();
        long asked = asked(all, ask);
        long start = ask.backward() ? Math.max(0, Math.min(asked, head)) : Math.max(1, Math.min(asked, head + 1));
        long snapped = start;
        for (RecordedEvent event : all) {
            if (!ask.backward() && event.getRecordedNs() < ask.times().sinceNs()) {
                start = Math.max(start, event.getPosition() + 1);
            }
            if (ask.backward()
                    && ask.times().untilNs() != 0
                    && event.getRecordedNs() >= ask.times().untilNs()) {
                start = Math.min(start, event.getPosition() - 1);
            }
        }
        long lowest = ask.backward() && ask.start().equals("last") ? head - ask.value() + 1 : 0;
        List<RecordedEvent> events = new ArrayList<>();
        long bytes = 0;
        for (long at = start; at >= 1 && at <= head; at += ask.backward() ? -1 : 1) {
            RecordedEvent event = all.get((int) at - 1);
            bytes += CodedOutputStream.computeMessageSize(1, event.getEvent());
            boolean beyond = ask.to() != 0 && (ask.backward() ? at < ask.to() : at > ask.to());
            if (beyond
                    || at < lowest
                    || (ask.times().untilNs() != 0
                            && event.getRecordedNs() >= ask.times().untilNs())
                    || event.getRecordedNs() < ask.times().sinceNs()
                    || (ask.limit() != 0 && events.size() == ask.limit())
                    || (ask.maxBytes() != 0 && bytes > ask.maxBytes() && !events.isEmpty())) {
                break;
            }
            events.add(event);
        }
        boolean timeMissed = ask.start().startsWith("time")
                && foundByTime(all, ask)
                        .filter(found -> !ask.start().endsWith("NEAREST")
                                || all.get((int) (found - 1)).getRecordedNs() == ask.value())
                        .isEmpty();
        return new Expected(events, start, snapped != asked || timeMissed);
    }

    private static long asked(List<RecordedEvent> all, Ask ask) {
        long head = all.size();
        return switch (ask.start()) {
            case "from" -> ask.value();
            case "after" -> ask.backward() ? ask.value() - 1 : ask.value() + 1;
            case "last" -> ask.backward() ? head : Math.max(1, head - ask.value() + 1);
            case "none" -> ask.backward() ? head : 1;
            default ->
                foundByTime(all, ask)
                        .orElseGet(() -> ask.start().equals("time AT_OR_AFTER")
                                ? (ask.backward() ? head : head + 1)
                                : (ask.backward() ? 0L : 1L));
        };
    }

    private static Optional<Long> foundByTime(List<RecordedEvent> all, Ask ask) {
        RecordedEvent best = null;
        for (RecordedEvent event : all) {
            long distance = event.getRecordedNs() - ask.value();
            boolean better = switch (ask.start()) {
                case "time AT_OR_AFTER" -> distance >= 0 && best == null;
                case "time AT_OR_BEFORE" -> distance <= 0;
                default -> best == null || Math.abs(distance) < Math.abs(best.getRecordedNs() - ask.value());
            };
            best = better ? event : best;
        }
        return Optional.ofNullable(best).map(RecordedEvent::getPosition);
    }

    private static ReadRequest request(Ask ask, boolean chunks) {
        ReadRequest.Builder request = ReadRequest.newBuilder()
                .setTopic("orders")
                .setDirection(ask.backward() ? Direction.BACKWARD : Direction.FORWARD)
                .setTo(ask.to())
                .setSinceNs(ask.times().sinceNs())
                .setUntilNs(ask.times().untilNs())
                .setLimit(ask.limit())
                .setMaxBytes(ask.maxBytes())
                .setFormat(chunks ? ReadRequest.Format.CHUNKS : ReadRequest.Format.EVENTS);
        switch (ask.start()) {
            case "from" -> request.setFrom(ask.value());
            case "after" -> request.setAfter(ask.value());
            case "last" -> request.setLast(ask.value());
            case "none" -> {}
            default ->
                request.setTime(TimeStart.newBuilder()
                        .setRecordedNs(ask.value())
                        .setSeek(TimeStart.Seek.valueOf(ask.start().substring(5))));
        }
        return request.build();
    }

    private static CaughtUp drain(ReadStream stream, boolean backward, List<RecordedEvent> read) {
        while (true) {
            ReadFrame frame = Answers.of(stream.next()).orElseThrow();
            if (frame.hasCaughtUp()) {
                assertThat(Answers.of(stream.next())).isEmpty();
                return frame.getCaughtUp();
            }
            frame.getChunks().getChunksList().forEach(slice -> read.addAll(events(slice, backward)));
            read.addAll(frame.getEvents().getEventsList());
        }
    }

    private static List<RecordedEvent> events(ChunkSlice slice, boolean backward) {
        List<Event> decoded = EventsCodec.events(slice.getChunk());
        List<RecordedEvent> events = new ArrayList<>();
        for (int k = slice.getSkip(); k < slice.getSkip() + slice.getTake(); k++) {
            events.add(recorded(
                    slice.getChunk().getFirstPosition() + k,
                    slice.getChunk().getFirstRecordedNs() + k,
                    decoded.get(k)));
        }
        if (backward) {
            Collections.reverse(events);
        }
        return events;
    }

    private static List<RecordedEvent> fill(Shard shard, LongConsumer clock, List<Append> appends) {
        shard.view()
                .topic("orders")
                .ifPresent(old -> Answers.of(shard.writes().submit(new Operation.DeleteTopic(old.id()), Answers.LONG)));
        TopicSettings settings =
                TopicSettings.newBuilder().setMaxEventBytes(1 << 20).build();
        Result created = Answers.of(shard.writes().submit(new Operation.CreateTopic("orders", settings), Answers.LONG));
        long topic = ((Result.TopicCreated) created).topicId();
        List<RecordedEvent> all = new ArrayList<>();
        long ns = 100;
        for (Append append : appends) {
            ns += append.pauseNs();
            clock.accept(ns);
            List<Event> events = append.payloads().stream()
                    .map(bytes -> Event.newBuilder()
                            .setPayload(ByteString.copyFrom(new byte[bytes]))
                            .setType("e" + bytes)
                            .build())
                    .toList();
            EncodedEvents encoded = encoded(events);
            Answers.of(shard.writes()
                    .submit(
                            new Operation.Append(
                                    topic,
                                    events.size(),
                                    encoded.getEncoding(),
                                    encoded.getCrc32C(),
                                    encoded.getBody(),
                                    null),
                            Answers.LONG));
            for (Event event : events) {
                all.add(recorded(all.size() + 1, ns++, event));
            }
        }
        return all;
    }

    /** In any encoding, by the number of events. */
    private static EncodedEvents encoded(List<Event> events) {
        Encoding as = Encoding.forNumber(events.size() % 3);
        ByteString body = EventsCodec.body(events);
        return EventsCodec.encoded(as, BodyCompression.compress(as, body), events.size());
    }

    private static RecordedEvent recorded(long position, long ns, Event event) {
        return RecordedEvent.newBuilder()
                .setPosition(position)
                .setRecordedNs(ns)
                .setEvent(event)
                .build();
    }

    @Provide
    Arbitrary<List<Append>> topics() {
        Arbitrary<Integer> payload = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.integers().between(0, 40)),
                Tuple.of(1, Arbitraries.integers().between(100_000, 150_000)));
        Arbitrary<Append> append = Combinators.combine(
                        payload.list().ofMinSize(1).ofMaxSize(5),
                        Arbitraries.integers().between(0, 5))
                .as(Append::new);
        return append.list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<Ask> asks() {
        Arbitrary<String> start = Arbitraries.of(
                "none", "from", "after", "last", "time AT_OR_AFTER", "time AT_OR_BEFORE", "time NEAREST");
        Arbitrary<Long> small = Arbitraries.longs().between(0, 33);
        Arbitrary<Long> bound = Arbitraries.oneOf(Arbitraries.just(0L), small);
        Arbitrary<Long> until =
                Arbitraries.oneOf(Arbitraries.just(0L), Arbitraries.longs().between(95, 160));
        Arbitrary<Times> times = Combinators.combine(until, until)
                .as(Times::new)
                .filter(range -> range.untilNs() == 0 || range.sinceNs() < range.untilNs());
        Arbitrary<Long> bytes = Arbitraries.oneOf(
                Arbitraries.just(0L), Arbitraries.longs().between(1, 200), Arbitraries.just(170_000L));
        return Combinators.combine(start, small, Arbitraries.of(true, false), bound, times, bound, bytes)
                .as((which, value, backward, to, range, limit, maxBytes) -> new Ask(
                        which, which.startsWith("time") ? 95 + value : value, backward, to, range, limit, maxBytes))
                .filter(ReadBoundsTest::consistent);
    }

    /** Bounds that contradict the start are refused, which other tests show. */
    private static boolean consistent(Ask ask) {
        boolean position = ask.start().equals("from") || ask.start().equals("after");
        if (position && ask.to() != 0 && (ask.backward() ? ask.value() < ask.to() : ask.value() > ask.to())) {
            return false;
        }
        return ask.backward()
                || ask.times().untilNs() == 0
                || !ask.start().startsWith("time")
                || ask.value() <= ask.times().untilNs();
    }
}
