package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Operation.ProducerSequence;
import io.eckermann.statemachine.storage.DurableFiles;
import io.eckermann.statemachine.storage.StorageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;

/** Reads agree with a plain list of what was appended, also where some of it is in memory and the rest is not. */
class ReadsMatchAListTest {
    /** Room for the few chunks that an entry becomes here, and little more. */
    private static final long TAIL_BYTES = 1_300;

    /**
     * One append of an entry.
     *
     * @param refused it carries a sequence that will be refused, so it splits its run
     */
    record Write(int events, boolean refused) {}

    /** One entry: appends of the same leader time. */
    record Entry(long leaderTimeNs, List<Write> writes) {}

    private record Recorded(long position, long recordedNs, String payload) {}

    private Path directory = Path.of("");
    private @Nullable TestStore opened;
    private int topics;

    @BeforeProperty
    void open() throws IOException {
        directory = Files.createTempDirectory("reads");
        opened = new TestStore(directory, StorageSettings.withTail(TAIL_BYTES));
    }

    @AfterProperty
    void close() throws IOException {
        store().close();
        DurableFiles.delete(directory);
    }

    @Property(tries = 200)
    void timesNameTheEventsAListWouldName(@ForAll("entries") List<Entry> entries) {
        long topic = store().createTopic("t" + topics++);
        List<Recorded> model = fill(topic, entries);
        LongStream.rangeClosed(0, 130).forEach(ns -> {
            for (TimeSeek seek : TimeSeek.values()) {
                assertThat(store().view().positionAt(topic, ns, seek))
                        .as("%s %d in %s", seek, ns, model)
                        .isEqualTo(expected(model, ns, seek));
            }
        });
    }

    @Property(tries = 200)
    void pagesForwardHoldWhatAListHolds(@ForAll("entries") List<Entry> entries, @ForAll("bytesMax") long bytesMax) {
        long topic = store().createTopic("t" + topics++);
        List<Recorded> model = fill(topic, entries);
        for (int from = 1; from <= model.size() + 1; from++) {
            List<Recorded> read = new ArrayList<>();
            long next = from;
            while (next <= model.size()) {
                List<Chunk> page = store().view().forward(topic, next, bytesMax);
                assertThat(page).isNotEmpty();
                assertThat(holds(page.get(0), next)).isTrue();
                assertFits(page, bytesMax);
                page.forEach(chunk -> read.addAll(recorded(chunk)));
                next = read.get(read.size() - 1).position() + 1;
            }
            assertThat(store().view().forward(topic, next, bytesMax)).isEmpty();
            int skipped = from;
            assertThat(read.stream().filter(event -> event.position() >= skipped))
                    .isEqualTo(model.subList(from - 1, model.size()));
        }
    }

    @Property(tries = 200)
    void memoryGoesOnWhereTheStoreEnds(@ForAll("entries") List<Entry> entries, @ForAll("bytesMax") long bytesMax) {
        long topic = store().createTopic("t" + topics++);
        List<Recorded> model = fill(topic, entries);
        List<Recorded> read = new ArrayList<>();
        int fromMemory = 0;
        while (read.size() < model.size()) {
            long next = read.size() + 1L;
            Recent recent = store().view().recent(topic, next, bytesMax);
            List<Chunk> page = recent == null ? store().view().forward(topic, next, bytesMax) : recent.chunks();
            assertThat(page).isNotEmpty();
            fromMemory += recent == null ? 0 : page.size();
            page.forEach(chunk -> read.addAll(recorded(chunk)));
        }
        assertThat(read).isEqualTo(model);
        assertThat(fromMemory).as("what is held is bounded").isLessThanOrEqualTo(5);
        if (!model.isEmpty()) {
            Waiting.until("the newest is in memory", () -> store().view().recent(topic, model.size() + 1L, 1) != null);
        }
    }

    @Property(tries = 200)
    void pagesBackwardHoldWhatAListHolds(@ForAll("entries") List<Entry> entries, @ForAll("bytesMax") long bytesMax) {
        long topic = store().createTopic("t" + topics++);
        List<Recorded> model = fill(topic, entries);
        for (int from = 0; from <= model.size(); from++) {
            List<Recorded> read = new ArrayList<>();
            long next = from;
            while (next > 0) {
                List<Chunk> page = store().view().backward(topic, next, bytesMax);
                assertThat(page).isNotEmpty();
                assertThat(holds(page.get(0), next)).isTrue();
                assertFits(page, bytesMax);
                for (Chunk chunk : page) {
                    List<Recorded> events = recorded(chunk);
                    Collections.reverse(events);
                    read.addAll(events);
                }
                next = read.get(read.size() - 1).position() - 1;
            }
            int last = from;
            List<Recorded> expected = new ArrayList<>(model.subList(0, from));
            Collections.reverse(expected);
            assertThat(read.stream().filter(event -> event.position() <= last)).isEqualTo(expected);
            assertThat(store().view().backward(topic, 0, bytesMax)).isEmpty();
        }
    }

    private TestStore store() {
        return Objects.requireNonNull(opened);
    }

    @Provide
    Arbitrary<List<Entry>> entries() {
        Arbitrary<Write> write = Combinators.combine(
                        Arbitraries.integers().between(1, 4), Arbitraries.of(false, false, false, true))
                .as(Write::new);
        return Combinators.combine(
                        Arbitraries.longs().between(0, 100),
                        write.list().ofMinSize(1).ofMaxSize(4))
                .as(Entry::new)
                .list()
                .ofMaxSize(5);
    }

    @Provide
    Arbitrary<Long> bytesMax() {
        return Arbitraries.longs().between(0, 60);
    }

    private List<Recorded> fill(long topic, List<Entry> entries) {
        List<Recorded> model = new ArrayList<>();
        for (Entry entry : entries) {
            List<Operation> operations = new ArrayList<>();
            long next = Math.max(entry.leaderTimeNs(), lastRecordedNs(model) + 1);
            for (Write write : entry.writes()) {
                String[] payloads = new String[write.events()];
                for (int k = 0; k < payloads.length; k++) {
                    payloads[k] = "e" + (model.size() + 1);
                    if (!write.refused()) {
                        model.add(new Recorded(model.size() + 1, next++, payloads[k]));
                    }
                }
                operations.add(
                        TestStore.append(topic, write.refused() ? new ProducerSequence("p", 7) : null, payloads));
            }
            store().commit(entry.leaderTimeNs(), operations);
        }
        return model;
    }

    private static long lastRecordedNs(List<Recorded> model) {
        return model.isEmpty() ? 0 : model.get(model.size() - 1).recordedNs();
    }

    private static OptionalLong expected(List<Recorded> model, long ns, TimeSeek seek) {
        return switch (seek) {
            case AT_OR_AFTER ->
                model.stream()
                        .filter(event -> event.recordedNs() >= ns)
                        .mapToLong(Recorded::position)
                        .min();
            case AT_OR_BEFORE ->
                model.stream()
                        .filter(event -> event.recordedNs() <= ns)
                        .mapToLong(Recorded::position)
                        .max();
            case NEAREST ->
                model.stream()
                        .min(Comparator.comparingLong((Recorded event) -> Math.abs(event.recordedNs() - ns))
                                .thenComparingLong(Recorded::position))
                        .map(event -> OptionalLong.of(event.position()))
                        .orElse(OptionalLong.empty());
        };
    }

    private static List<Recorded> recorded(Chunk chunk) {
        List<Recorded> events = new ArrayList<>();
        EventsCodec.events(chunk)
                .forEach(event -> events.add(new Recorded(
                        chunk.getFirstPosition() + events.size(),
                        chunk.getFirstRecordedNs() + events.size(),
                        event.getPayload().toStringUtf8())));
        return events;
    }

    private static boolean holds(Chunk chunk, long position) {
        return chunk.getFirstPosition() <= position && position < chunk.getFirstPosition() + chunk.getCount();
    }

    private static void assertFits(List<Chunk> page, long bytesMax) {
        long bytes = page.stream().mapToLong(chunk -> chunk.getBody().size()).sum();
        assertThat(page.size() == 1 || bytes <= bytesMax).isTrue();
    }
}
