package io.eckermann.statemachine.condition;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.Event;
import io.eckermann.statemachine.TestStore;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** One replica that goes on, and remembers, and one that is started anew before each entry, by a snapshot or without. */
class VerdictsDoNotDependOnMemoryTest {
    private static final List<String> TAGS = List.of("x", "y", "z");

    record Attempt(Event event, List<Condition> conditions) {}

    /** @param what 0 truncates, 1 deletes an event, 2 tidies, 3 restores from a snapshot; others do nothing more */
    record Entry(List<Attempt> attempts, int what, int percent) {}

    @Property(tries = 8)
    void replicasThatRememberAndThoseThatDoNotJudgeAlike(@ForAll("entries") List<Entry> entries) throws IOException {
        Path directory = Files.createTempDirectory("verdicts");
        try (TestStore going = new TestStore(directory.resolve("going"));
                TestStore started = new TestStore(directory.resolve("started"))) {
            long topic = going.createTopic("t");
            started.createTopic("t");
            for (Entry entry : entries) {
                if (entry.what() == 3) {
                    started.machine().takeSnapshot();
                }
                started.reopen();
                List<Operation> operations = operations(going, topic, entry);
                List<Result> results = going.commit(5_000, operations);
                assertThat(started.commit(5_000, operations)).isEqualTo(results);
            }
            assertThat(started.machine().digest()).isEqualTo(going.machine().digest());
        } finally {
            DurableFiles.delete(directory);
        }
    }

    private static List<Operation> operations(TestStore store, long topic, Entry entry) {
        List<Operation> operations = new ArrayList<>();
        long head = store.view().topic(topic).orElseThrow().head();
        long first = store.view().topic(topic).orElseThrow().first();
        for (Attempt attempt : entry.attempts()) {
            List<Condition> conditions = attempt.conditions().stream()
                    .map(condition -> behind(condition, head))
                    .toList();
            operations.add(TestStore.append(topic, List.of(attempt.event()), conditions, null));
        }
        long position = first + (head - first) * entry.percent() / 100;
        if (entry.what() == 0 && position >= 1) {
            operations.add(operations.size() / 2, new Operation.TruncateTopic(topic, position));
        } else if (entry.what() == 1 && head >= first) {
            operations.add(
                    operations.size() / 2,
                    TestStore.replacement(
                            topic,
                            position,
                            store.view().stored(topic, position).orElseThrow()));
        } else if (entry.what() == 2) {
            operations.add(new Operation.TidyIndex(topic, first, ByteString.EMPTY, 20));
        }
        return operations;
    }

    /** Conditions are made before the head is known: their {@code after} counts from it, backward. */
    private static Condition behind(Condition condition, long head) {
        if (!condition.hasFailIfEventsMatch()) {
            return condition;
        }
        Condition.Builder moved = condition.toBuilder();
        moved.getFailIfEventsMatchBuilder()
                .setAfter(Math.max(0, head - condition.getFailIfEventsMatch().getAfter()));
        return moved.build();
    }

    @Provide
    Arbitrary<List<Entry>> entries() {
        Arbitrary<Event> event = Combinators.combine(type(), Arbitraries.of("", "k", "l"), tags())
                .as((type, key, tags) -> Conditional.event(type, key, tags.toArray(String[]::new)));
        Arbitrary<Attempt> attempt =
                Combinators.combine(event, condition().list().ofMaxSize(2)).as(Attempt::new);
        return Combinators.combine(
                        attempt.list().ofMinSize(1).ofMaxSize(6),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(0, 100))
                .as(Entry::new)
                .list()
                .ofMinSize(2)
                .ofMaxSize(7);
    }

    private static Arbitrary<Condition> condition() {
        Arbitrary<Condition> byQuery = Combinators.combine(
                        Arbitraries.longs().between(0, 12), type(), tags(), tags().filter(tags -> !tags.isEmpty()))
                .as((back, type, tags, others) -> Conditional.none(
                        back,
                        Conditional.item(List.of(type), tags.toArray(String[]::new)),
                        Conditional.item(List.of(), others.toArray(String[]::new))));
        return Arbitraries.frequencyOf(
                Tuple.of(5, byQuery),
                Tuple.of(1, Arbitraries.of("k", "l").map(Conditional::absent)),
                Tuple.of(
                        2,
                        Combinators.combine(
                                        Arbitraries.of("k", "l"),
                                        Arbitraries.longs().between(0, 6))
                                .as(Conditional::version)));
    }

    private static Arbitrary<String> type() {
        return Arbitraries.of("a", "b");
    }

    private static Arbitrary<List<String>> tags() {
        return Arbitraries.of(TAGS).set().ofMaxSize(2).map(List::copyOf);
    }
}
