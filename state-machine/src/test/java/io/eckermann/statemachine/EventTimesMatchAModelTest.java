package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;

/** Events by business time are what a sorted list of them says, whatever came late, in pages of any size. */
class EventTimesMatchAModelTest {
    private static final TopicSettings INDEXED =
            TestStore.SETTINGS.toBuilder().setIndexEventTime(true).build();
    private static final long NO_TIME = Long.MIN_VALUE + 1;

    /** A range and how to read it; the places are {@code from} to {@code to} in reading direction. */
    record Ask(EventTime from, EventTime to, int pageMax) {}

    private Path directory = Path.of("");
    private @Nullable TestStore opened;
    private int topics;

    @BeforeProperty
    void open() throws IOException {
        directory = Files.createTempDirectory("event-times");
        opened = new TestStore(directory);
    }

    @AfterProperty
    void close() throws IOException {
        store().close();
        DurableFiles.delete(directory);
    }

    @Property(tries = 60)
    void pagesHoldWhatASortedListHolds(
            @ForAll("appends") List<List<Long>> appends, @ForAll("asks") List<Ask> asks, @ForAll("first") long first) {
        long topic = createTopic();
        NavigableSet<EventTime> model = fill(topic, appends);
        long head = appends.stream().mapToLong(List::size).sum();
        store().commit(9_000, new Operation.TruncateTopic(topic, Math.min(first, head + 1)));
        model.removeIf(event -> event.position() < first);
        for (Ask ask : asks) {
            assertThat(read(topic, ask)).as("%s of %s", ask, model).isEqualTo(expected(model, ask));
        }
    }

    private long createTopic() {
        Result created = store().commit(1_000, new Operation.CreateTopic("t" + topics++, INDEXED));
        return ((Result.TopicCreated) created).topicId();
    }

    /** Two appends at a time are one entry, so that they share rows. */
    private NavigableSet<EventTime> fill(long topic, List<List<Long>> appends) {
        NavigableSet<EventTime> model = new TreeSet<>();
        List<Operation> entry = new ArrayList<>();
        long position = 0;
        for (List<Long> append : appends) {
            List<Event> events = new ArrayList<>();
            for (long timeNs : append) {
                position++;
                Event.Builder event = Event.newBuilder().setPayload(ByteString.copyFromUtf8("e" + position));
                if (timeNs != NO_TIME) {
                    event.setTimeNs(timeNs);
                    model.add(new EventTime(timeNs, position));
                }
                events.add(event.build());
            }
            entry.add(TestStore.append(topic, events, List.of(), null));
            if (entry.size() == 2) {
                store().commit(5_000, entry);
                entry.clear();
            }
        }
        if (!entry.isEmpty()) {
            store().commit(5_000, entry);
        }
        return model;
    }

    private List<EventTime> read(long topic, Ask ask) {
        List<EventTime> read = new ArrayList<>();
        EventTime next = ask.from();
        while (next != null) {
            EventTimes page = store().view().eventTimes(topic, next, ask.to(), ask.pageMax());
            assertThat(page.found()).hasSizeLessThanOrEqualTo(ask.pageMax());
            read.addAll(page.found());
            next = page.next();
        }
        return read;
    }

    private static List<EventTime> expected(NavigableSet<EventTime> model, Ask ask) {
        boolean forward = ask.from().compareTo(ask.to()) <= 0;
        EventTime low = forward ? ask.from() : ask.to();
        EventTime high = forward ? ask.to() : ask.from();
        List<EventTime> range = new ArrayList<>(model.subSet(low, true, high, true));
        if (!forward) {
            Collections.reverse(range);
        }
        return range;
    }

    private TestStore store() {
        return Objects.requireNonNull(opened);
    }

    @Provide
    Arbitrary<List<List<Long>>> appends() {
        Arbitrary<Long> time = Arbitraries.oneOf(
                Arbitraries.longs().between(-3, 6),
                Arbitraries.of(Long.MIN_VALUE, Long.MAX_VALUE, NO_TIME, 1_700_000_000_000_000_000L));
        return time.list().ofMinSize(1).ofMaxSize(5).list().ofMinSize(1).ofMaxSize(8);
    }

    @Provide
    Arbitrary<List<Ask>> asks() {
        Arbitrary<EventTime> place = Arbitraries.oneOf(
                Arbitraries.of(
                        EventTime.before(Long.MIN_VALUE),
                        EventTime.behind(Long.MAX_VALUE),
                        EventTime.before(2),
                        EventTime.behind(2)),
                Combinators.combine(
                                Arbitraries.longs().between(-4, 7),
                                Arbitraries.longs().between(0, 30))
                        .as(EventTime::new));
        return Combinators.combine(place, place, Arbitraries.integers().between(1, 9))
                .as(Ask::new)
                .list()
                .ofSize(20);
    }

    @Provide
    Arbitrary<Long> first() {
        return Arbitraries.longs().between(1, 12);
    }
}
