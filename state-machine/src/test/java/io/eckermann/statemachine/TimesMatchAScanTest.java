package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;

/** Looking for a time finds what a look at every event would, however the clocks of leaders went. */
class TimesMatchAScanTest {
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final long START_NS = 1_700_000_000_000_000_000L;

    /** What is done to a topic; {@code leapNs} is how far the clock of the leader is from that of the one before. */
    record Step(Act act, long leapNs, int size) {}

    enum Act {
        APPEND,
        TRUNCATE,
        DELETE,
        RESTART
    }

    private Path directory = Path.of("");
    private @Nullable TestStore opened;
    private int topics;

    @BeforeProperty
    void open() throws IOException {
        directory = Files.createTempDirectory("times");
        opened = new TestStore(directory);
    }

    @AfterProperty
    void close() throws IOException {
        store().close();
        DurableFiles.delete(directory);
    }

    @Property(tries = 30)
    void everyTimeLeadsWhereAScanLeads(@ForAll("steps") List<Step> steps) {
        long topic = store().createTopic("t" + topics++);
        run(topic, steps);
        NavigableMap<Long, Long> byTime = scan(topic);
        for (long ns : interesting(byTime)) {
            for (TimeSeek seek : TimeSeek.values()) {
                assertThat(store().view().positionAt(topic, ns, seek))
                        .as("%s %d in %s", seek, ns, byTime)
                        .isEqualTo(expected(byTime, ns, seek));
            }
        }
    }

    private void run(long topic, List<Step> steps) {
        long clockNs = START_NS;
        long head = 0;
        long first = 1;
        for (Step step : steps) {
            clockNs += step.leapNs();
            switch (step.act()) {
                case APPEND -> {
                    store().append(clockNs, topic, "x".repeat(step.size()).split(""));
                    head += step.size();
                }
                case TRUNCATE -> {
                    first = Math.min(head + 1, first + step.size());
                    store().commit(clockNs, new Operation.TruncateTopic(topic, first));
                }
                case DELETE -> {
                    if (first <= head) {
                        store().deleteEvent(topic, first + (head - first) / 2);
                    }
                }
                case RESTART -> store().reopen();
            }
        }
    }

    /** Position by recorded time, of every event that is there; on the way, that times rise with positions. */
    private NavigableMap<Long, Long> scan(long topic) {
        NavigableMap<Long, Long> byTime = new TreeMap<>();
        TopicState state = store().view().topic(topic).orElseThrow();
        List<Chunk> chunks =
                state.head() < state.first() ? List.of() : store().view().forward(topic, state.first(), Long.MAX_VALUE);
        long lastNs = 0;
        for (Chunk chunk : chunks) {
            for (int k = 0; k < chunk.getCount(); k++) {
                long ns = chunk.getFirstRecordedNs() + k;
                assertThat(ns).as("a recorded time never falls").isGreaterThan(lastNs);
                lastNs = ns;
                if (chunk.getFirstPosition() + k >= state.first()) {
                    byTime.put(ns, chunk.getFirstPosition() + k);
                }
            }
        }
        return byTime;
    }

    private static List<Long> interesting(NavigableMap<Long, Long> byTime) {
        TreeMap<Long, Boolean> times = new TreeMap<>();
        times.put(0L, true);
        times.put(Long.MAX_VALUE, true);
        Long before = null;
        for (long ns : byTime.keySet()) {
            List.of(ns - 1, ns, ns + 1).forEach(near -> times.put(near, true));
            if (before != null) {
                times.put(before + (ns - before) / 2, true);
            }
            before = ns;
        }
        return List.copyOf(times.keySet());
    }

    private static OptionalLong expected(NavigableMap<Long, Long> byTime, long ns, TimeSeek seek) {
        Optional<Long> time = switch (seek) {
            case AT_OR_AFTER -> byTime.keySet().stream().filter(at -> at >= ns).findFirst();
            case AT_OR_BEFORE ->
                byTime.descendingKeySet().stream().filter(at -> at <= ns).findFirst();
            case NEAREST ->
                byTime.keySet().stream()
                        .min(Comparator.comparingLong((Long at) -> Math.abs(at - ns))
                                .thenComparing(Comparator.naturalOrder()));
        };
        return time.map(at -> OptionalLong.of(Objects.requireNonNull(byTime.get(at))))
                .orElse(OptionalLong.empty());
    }

    private TestStore store() {
        return Objects.requireNonNull(opened);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Act> act = Arbitraries.frequencyOf(
                Tuple.of(20, Arbitraries.just(Act.APPEND)),
                Tuple.of(3, Arbitraries.just(Act.TRUNCATE)),
                Tuple.of(2, Arbitraries.just(Act.DELETE)),
                Tuple.of(1, Arbitraries.just(Act.RESTART)));
        Arbitrary<Long> leap = Arbitraries.oneOf(
                Arbitraries.longs().between(0, 8),
                Arbitraries.longs().between(-1_000_000, 1_000_000),
                Arbitraries.of(-HOUR_NS, HOUR_NS));
        return Combinators.combine(act, leap, Arbitraries.integers().between(1, 6))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(14);
    }
}
