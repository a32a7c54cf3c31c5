package io.eckermann.statemachine.condition;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.FailIfEventsMatch;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.TestStore;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.query.Filter;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Random appends with random conditions, truncations and deletions, to the state machine and to a list. */
class ConditionalAppendsMatchAModelTest {
    record Attempt(List<Event> events, List<Condition> conditions) {}

    /** A topic as a list that is searched from end to end. */
    private static final class Model {
        final List<Event> events = new ArrayList<>();
        final Map<String, Long> fences = new HashMap<>();
        final Set<Long> deleted = new HashSet<>();
        long first = 1;

        /** The numbers of conditions that do not hold; null when one names a position that is not there. */
        @Nullable
        List<Integer> append(Attempt attempt) {
            List<Integer> failed = new ArrayList<>();
            for (int i = 0; i < attempt.conditions().size(); i++) {
                Condition condition = attempt.conditions().get(i);
                if (condition.getFailIfEventsMatch().getAfter() > events.size()) {
                    return null;
                }
                if (!holds(condition)) {
                    failed.add(i);
                }
            }
            if (failed.isEmpty()) {
                events.addAll(attempt.events());
                attempt.conditions().stream()
                        .filter(Condition::hasFence)
                        .forEach(condition -> fences.merge(
                                condition.getFence().getName(),
                                condition.getFence().getToken(),
                                Math::max));
            }
            return failed;
        }

        boolean holds(Condition condition) {
            return switch (condition.getKindCase()) {
                case EXPECTED_HEAD -> condition.getExpectedHead() == events.size();
                case TOPIC_EMPTY -> events.isEmpty();
                case KEY_VERSION ->
                    condition.getKeyVersion().getVersion()
                            == version(condition.getKeyVersion().getKey());
                case KEY_ABSENT -> version(condition.getKeyAbsent()) == 0;
                case FAIL_IF_EVENTS_MATCH ->
                    matches(
                                    Filter.of(condition.getFailIfEventsMatch().getQuery()),
                                    condition.getFailIfEventsMatch().getAfter())
                            .isEmpty();
                case FENCE ->
                    fences.getOrDefault(condition.getFence().getName(), 0L)
                            <= condition.getFence().getToken();
                case KIND_NOT_SET -> throw new AssertionError("no such condition is made");
            };
        }

        /** Of all events there ever were. */
        long version(String key) {
            return events.stream().filter(event -> event.getKey().equals(key)).count();
        }

        List<Long> matches(Filter filter, long after) {
            List<Long> positions = new ArrayList<>();
            for (long position = Math.max(first, after + 1); position <= events.size(); position++) {
                Event event = events.get((int) position - 1);
                boolean there = !deleted.contains(position);
                boolean ofKey = filter.key() == null || (there && filter.key().equals(event.getKey()));
                boolean ofQuery = filter.query().getItemsCount() == 0
                        || (there && filter.query().getItemsList().stream().anyMatch(item -> matches(item, event)));
                if (ofKey && ofQuery) {
                    positions.add(position);
                }
            }
            return positions;
        }

        private static boolean matches(QueryItem item, Event event) {
            return (item.getTypesCount() == 0 || item.getTypesList().contains(event.getType()))
                    && event.getTagsList().containsAll(item.getTagsList());
        }
    }

    @Property(tries = 60)
    void sameAreAcceptedAndSameAreFound(
            @ForAll("entries") List<List<Attempt>> entries,
            @ForAll("filters") List<Filter> filters,
            @ForAll("cuts") List<Integer> cuts,
            @ForAll @IntRange(max = 10) int restoredAt)
            throws IOException {
        Path directory = Files.createTempDirectory("conditional");
        Model model = new Model();
        try (TestStore store = new TestStore(directory.resolve("one"));
                StateMachine replayed = TestStore.open(directory.resolve("two"))) {
            long topic = store.createTopic("t");
            for (int i = 0; i < entries.size(); i++) {
                apply(store, topic, model, entries.get(i));
                truncate(store, topic, model, cuts.get(i));
                if (cuts.get(i) % 4 == 1) {
                    delete(store, topic, model, cuts.get(i));
                    tidy(store, topic, model, 10 + cuts.get(i));
                }
                if (i == restoredAt) {
                    store.machine().takeSnapshot();
                    store.reopen();
                }
            }
            filters.forEach(filter -> sameAreFound(store.view(), topic, model, filter));
            store.replayInto(replayed);
            assertThat(replayed.digest()).isEqualTo(store.machine().digest());
        } finally {
            DurableFiles.delete(directory);
        }
    }

    /** @param cut percent of what the topic has; mostly 0 */
    private static void truncate(TestStore store, long topic, Model model, int cut) {
        long head = model.events.size();
        long position = Math.max(1, model.first + (head + 1 - model.first) * cut / 100);
        if (cut > 0) {
            model.first = position;
            assertThat(store.commit(5_000, new Operation.TruncateTopic(topic, position)))
                    .isEqualTo(new Result.Truncated(position, head));
        }
    }

    /** Some neighbours that are there, the last first. */
    private static void delete(TestStore store, long topic, Model model, int salt) {
        long last = Math.min(model.events.size(), model.first + salt % 9);
        for (long position = last; position >= model.first && position > last - 3; position--) {
            assertThat(store.deleteEvent(topic, position)).isEqualTo(new Result.Done());
            model.deleted.add(position);
        }
    }

    private static void tidy(TestStore store, long topic, Model model, int stepsMax) {
        ByteString next = ByteString.EMPTY;
        do {
            next = ((Result.IndexTidied)
                            store.commit(6_000, new Operation.TidyIndex(topic, model.first, next, stepsMax)))
                    .next();
        } while (!next.isEmpty());
        assertThat(store.view().withUntidyIndex()).isEmpty();
    }

    private static void apply(TestStore store, long topic, Model model, List<Attempt> entry) {
        List<Operation.Append> appends = entry.stream()
                .map(attempt -> TestStore.append(topic, attempt.events(), attempt.conditions(), null))
                .toList();
        List<Result> results = store.commit(5_000, appends);
        for (int i = 0; i < entry.size(); i++) {
            List<Integer> failed = model.append(entry.get(i));
            Result result = results.get(i);
            if (failed == null) {
                assertThat(result).isInstanceOf(Result.Refused.class);
            } else if (failed.isEmpty()) {
                assertThat(result).isInstanceOf(Result.Appended.class);
            } else {
                assertThat(Conditional.conflicts(result))
                        .extracting(conflict -> conflict.condition())
                        .isEqualTo(failed);
                assertThat(Conditional.conflicts(result))
                        .allMatch(conflict -> conflict.first() == 0 || conflict.first() >= model.first);
            }
        }
    }

    private static void sameAreFound(ReadView view, long topic, Model model, Filter filter) {
        List<Long> all = model.matches(filter, 0);
        List<Long> falling = new ArrayList<>(all);
        Collections.reverse(falling);
        long head = model.events.size();
        assertThat(view.matchesForward(topic, filter, 1, head, 1_000)).isEqualTo(all);
        assertThat(view.matchesBackward(topic, filter, head, 1, 1_000)).isEqualTo(falling);
        for (long from = 1; from <= head; from += 3) {
            long bound = from;
            assertThat(view.matchesForward(topic, filter, from, head - 2, 3))
                    .isEqualTo(all.stream()
                            .filter(at -> at >= bound && at <= head - 2)
                            .limit(3)
                            .toList());
            assertThat(view.matchesBackward(topic, filter, from, 2, 3))
                    .isEqualTo(falling.stream()
                            .filter(at -> at <= bound && at >= 2)
                            .limit(3)
                            .toList());
        }
    }

    @Provide
    Arbitrary<List<List<Attempt>>> entries() {
        return attempt().list().ofMinSize(1).ofMaxSize(5).list().ofMinSize(1).ofMaxSize(14);
    }

    @Provide
    Arbitrary<List<Filter>> filters() {
        return Combinators.combine(query(), key().injectNull(0.6))
                .as(Filter::new)
                .list()
                .ofSize(6);
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.frequencyOf(
                        Tuple.of(4, Arbitraries.just(0)),
                        Tuple.of(1, Arbitraries.integers().between(1, 100)))
                .list()
                .ofSize(14);
    }

    private static Arbitrary<Attempt> attempt() {
        Arbitrary<Event> event = Combinators.combine(type(), key(), tags())
                .as((type, key, tags) -> Conditional.event(type, key, tags.toArray(String[]::new)));
        return Combinators.combine(
                        event.list().ofMinSize(1).ofMaxSize(4),
                        condition().list().ofMaxSize(3))
                .as(Attempt::new);
    }

    private static Arbitrary<Condition> condition() {
        Arbitrary<Long> small = Arbitraries.longs().between(0, 12);
        return Arbitraries.oneOf(
                small.map(Conditional::head),
                Arbitraries.just(Conditional.empty()),
                Combinators.combine(key(), small).as(Conditional::version),
                key().map(Conditional::absent),
                Combinators.combine(key(), small).as(Conditional::fence),
                Combinators.combine(query(), small)
                        .as((query, after) -> Condition.newBuilder()
                                .setFailIfEventsMatch(FailIfEventsMatch.newBuilder()
                                        .setQuery(query)
                                        .setAfter(after))
                                .build()),
                Combinators.combine(query(), small)
                        .as((query, after) -> Condition.newBuilder()
                                .setFailIfEventsMatch(FailIfEventsMatch.newBuilder()
                                        .setQuery(query)
                                        .setAfter(4 * after))
                                .build()));
    }

    private static Arbitrary<Query> query() {
        Arbitrary<QueryItem> item = Combinators.combine(
                        Arbitraries.of("a", "b", "c").list().ofMaxSize(2), tags())
                .as((types, tags) -> Conditional.item(types, tags.toArray(String[]::new)))
                .filter(one -> one.getTypesCount() + one.getTagsCount() > 0);
        return item.list()
                .ofMaxSize(3)
                .map(items -> Query.newBuilder().addAllItems(items).build());
    }

    private static Arbitrary<List<String>> tags() {
        return Arbitraries.of("s:1", "s:2", "c:1", "c:2")
                .list()
                .uniqueElements()
                .ofMaxSize(2);
    }

    private static Arbitrary<String> type() {
        return Arbitraries.of("a", "b", "c", "");
    }

    private static Arbitrary<String> key() {
        return Arbitraries.of("k1", "k2", "k3");
    }
}
