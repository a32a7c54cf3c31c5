package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.Conflict;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.condition.Conditional;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
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

/**
 * Random appends to several topics, commits of cursors with them, ids that must be unique, truncations and changes of
 * settings: to the state machine, and to lists. Snapshots, restarts and a replica made of a snapshot change nothing.
 */
class SeveralTopicsMatchAModelTest {
    private static final int TOPICS = 3;

    /** What happens next. */
    private sealed interface Act {}

    private record Append(int topic, List<String> ids, List<Condition> conditions) {}

    private record Commit(int topic, String consumer, long position, long expected, boolean rewind) {}

    /** @param key of the request; empty for none. A request of the same key may say something else */
    private record Many(List<Append> appends, List<Commit> commits, String key) implements Act {}

    private record One(Append append) implements Act {}

    private record Truncate(int topic, int percent) implements Act {}

    private record Unique(int topic, boolean on) implements Act {}

    /** A topic as a list. */
    private static final class Log {
        final List<String> ids = new ArrayList<>();
        final Map<String, Long> cursors = new HashMap<>();
        long first = 1;
        boolean unique;
        /** Ids at these positions and later are known. */
        long knownFrom = 1;

        long head() {
            return ids.size();
        }

        boolean has(String id) {
            int last = ids.lastIndexOf(id) + 1;
            return unique && !id.isEmpty() && last >= Math.max(first, knownFrom);
        }

        boolean holds(Condition condition) {
            return condition.hasExpectedHead()
                    ? condition.getExpectedHead() == head()
                    : ids.stream().noneMatch(condition.getKeyAbsent()::equals);
        }
    }

    private static final class Model {
        final List<Log> logs = List.of(new Log(), new Log(), new Log());
        final Map<String, Many> accepted = new HashMap<>();

        /** Null when it is accepted, and is then done. */
        @Nullable
        ErrorCode apply(Many many) {
            Many before = accepted.get(many.key());
            if (before != null) {
                return before.equals(many) ? null : ErrorCode.IDEMPOTENCY_KEY_REUSED;
            }
            ErrorCode refusal = judge(many);
            if (refusal == null) {
                many.appends().forEach(append -> logs.get(append.topic()).ids.addAll(append.ids()));
                many.commits()
                        .forEach(commit -> logs.get(commit.topic()).cursors.put(commit.consumer(), commit.position()));
                if (!many.key().isEmpty()) {
                    accepted.put(many.key(), many);
                }
            }
            return refusal;
        }

        private @Nullable ErrorCode judge(Many many) {
            for (Append append : many.appends()) {
                if (append.ids().stream().anyMatch(logs.get(append.topic())::has)) {
                    return ErrorCode.EVENT_ID_EXISTS;
                }
            }
            for (Commit commit : many.commits()) {
                Log log = logs.get(commit.topic());
                long now = log.cursors.getOrDefault(commit.consumer(), 0L);
                if (commit.expected() >= 0 && commit.expected() != now) {
                    return ErrorCode.CURSOR_MOVED;
                }
                if (commit.position() > log.head()) {
                    return ErrorCode.CURSOR_BEYOND_HEAD;
                }
                if (commit.position() < now && !commit.rewind()) {
                    return ErrorCode.CURSOR_WOULD_REWIND;
                }
            }
            return failing(many).isEmpty() ? null : ErrorCode.CONDITION_FAILED;
        }

        /** Topic and number of every condition that does not hold. */
        List<String> failing(Many many) {
            List<String> failing = new ArrayList<>();
            for (Append append : many.appends()) {
                for (int i = 0; i < append.conditions().size(); i++) {
                    if (!logs.get(append.topic()).holds(append.conditions().get(i))) {
                        failing.add("t" + append.topic() + " " + i);
                    }
                }
            }
            return failing;
        }
    }

    private final List<Long> topics = new ArrayList<>();

    @Property(tries = 6)
    void sameIsAcceptedAndSameIsThere(@ForAll("acts") List<Act> acts, @ForAll @IntRange(max = 130) int restoredAt)
            throws IOException {
        Path directory = Files.createTempDirectory("several");
        Model model = new Model();
        topics.clear();
        try (TestStore store = new TestStore(directory.resolve("one"));
                StateMachine replica = TestStore.open(directory.resolve("two"))) {
            for (int i = 0; i < TOPICS; i++) {
                TopicSettings settings =
                        TestStore.SETTINGS.toBuilder().setUniqueIds(i == 0).build();
                model.logs.get(i).unique = i == 0;
                topics.add(((Result.TopicCreated) store.commit(1_000, new Operation.CreateTopic("t" + i, settings)))
                        .topicId());
            }
            for (int i = 0; i < acts.size(); i++) {
                act(store, model, acts.get(i));
                if (i == restoredAt) {
                    TestStore.replace(
                            replica, downloaded(replica, store.machine().takeSnapshot()));
                    store.reopen();
                }
            }
            sameIsThere(store, model);
            store.replayInto(replica);
            assertThat(replica.digest()).isEqualTo(store.machine().digest());
        } finally {
            DurableFiles.delete(directory);
        }
    }

    private void act(TestStore store, Model model, Act act) {
        if (act instanceof Many many) {
            append(store, model, many);
        } else if (act instanceof One one) {
            Append append = one.append();
            Many alone = new Many(List.of(append), List.of(), "");
            ErrorCode expected = model.apply(alone);
            Result result = store.commit(5_000, operation(append));
            assertThat(code(result)).isEqualTo(expected);
        } else if (act instanceof Truncate truncate) {
            Log log = model.logs.get(truncate.topic());
            log.first += (log.head() + 1 - log.first) * truncate.percent() / 100;
            store.commit(5_000, new Operation.TruncateTopic(topics.get(truncate.topic()), log.first));
        } else if (act instanceof Unique unique) {
            Log log = model.logs.get(unique.topic());
            if (!unique.on() || !log.unique) {
                log.knownFrom = log.head() + 1;
            }
            log.unique = unique.on();
            OptionalLong same = OptionalLong.empty();
            store.commit(
                    5_000,
                    new Operation.UpdateTopic(
                            topics.get(unique.topic()),
                            null,
                            new Operation.Retain(same, same, same),
                            new Operation.Switches(null, unique.on(), null)));
        }
    }

    private void append(TestStore store, Model model, Many many) {
        Many before = model.accepted.get(many.key());
        List<String> failing = before == null ? model.failing(many) : List.of();
        ErrorCode expected = model.apply(many);
        Result result = store.commit(5_000, operation(many));
        assertThat(code(result)).isEqualTo(expected);
        if (result instanceof Result.AppendedMany done) {
            assertThat(done.duplicate()).isEqualTo(before != null);
            assertThat(done.appends())
                    .extracting(Result.Appended::count)
                    .isEqualTo(many.appends().stream()
                            .map(append -> append.ids().size())
                            .toList());
        } else if (!failing.isEmpty()) {
            assertThat(Conditional.conflicts(result))
                    .extracting(conflict -> conflict.topic() + " " + conflict.condition())
                    .isEqualTo(failing);
        } else {
            assertThat(((Result.Refused) result).facts()).doesNotContainKey(Conflict.FACT);
        }
    }

    private static @Nullable ErrorCode code(Result result) {
        return result instanceof Result.Refused refused ? refused.code() : null;
    }

    private void sameIsThere(TestStore store, Model model) {
        for (int i = 0; i < TOPICS; i++) {
            Log log = model.logs.get(i);
            long topic = topics.get(i);
            TopicState state = store.view().topic(topic).orElseThrow();
            assertThat(state.head()).isEqualTo(log.head());
            assertThat(state.first()).isEqualTo(log.first);
            List<String> payloads = store.payloads(topic);
            // Of the oldest chunk some events may lie before the first.
            List<String> kept = log.ids.subList((int) log.first - 1, log.ids.size());
            assertThat(payloads.subList(payloads.size() - kept.size(), payloads.size()))
                    .isEqualTo(kept);
            for (Map.Entry<String, Long> cursor : log.cursors.entrySet()) {
                assertThat(store.view().cursor(topic, cursor.getKey()))
                        .get()
                        .extracting(CursorState::position)
                        .isEqualTo(cursor.getValue());
            }
        }
    }

    /** Ids are told always, as by a door that knows of them. An event's key is its id. */
    private Operation.Append operation(Append append) {
        List<Event> events = append.ids().stream()
                .map(id -> Several.event(id).toBuilder().setKey(id).build())
                .toList();
        return Several.withIds(topics.get(append.topic()), events, append.conditions(), null);
    }

    private Operation.AppendMany operation(Many many) {
        Particulars.Request request =
                many.key().isEmpty() ? null : Several.request(many.key(), Integer.toString(many.hashCode()));
        return Several.many(
                many.appends().stream().map(this::operation).toList(),
                many.commits().stream()
                        .map(commit -> new Operation.CommitCursor(
                                topics.get(commit.topic()),
                                commit.consumer(),
                                commit.position(),
                                commit.expected() < 0 ? OptionalLong.empty() : OptionalLong.of(commit.expected()),
                                commit.rewind()))
                        .toList(),
                request);
    }

    private static Path downloaded(StateMachine into, Snapshot snapshot) throws IOException {
        Path incoming = into.incoming();
        for (Path file : DurableFiles.list(snapshot.directory())) {
            Files.copy(file, incoming.resolve(Objects.requireNonNull(file.getFileName())));
        }
        return incoming;
    }

    @Provide
    Arbitrary<List<Act>> acts() {
        Arbitrary<Integer> topic = Arbitraries.integers().between(0, TOPICS - 1);
        Arbitrary<Act> act = Arbitraries.frequencyOf(
                Tuple.of(6, many().map(Act.class::cast)),
                Tuple.of(3, append().map(One::new)),
                Tuple.of(
                        1,
                        Combinators.combine(topic, Arbitraries.integers().between(0, 100))
                                .as(Truncate::new)),
                Tuple.of(
                        1,
                        Combinators.combine(topic, Arbitraries.of(true, false)).as(Unique::new)));
        return act.list().ofMinSize(30).ofMaxSize(120);
    }

    private static Arbitrary<Many> many() {
        Arbitrary<Commit> commit = Combinators.combine(
                        Arbitraries.integers().between(0, TOPICS - 1),
                        Arbitraries.of("c1", "c2"),
                        Arbitraries.longs().between(0, 6),
                        Arbitraries.longs().between(-4, 3).map(expected -> Math.max(-1, expected)),
                        Arbitraries.of(true, false))
                .as(Commit::new);
        return Combinators.combine(
                        append().list().ofMaxSize(TOPICS).uniqueElements(Append::topic),
                        commit.list().ofMaxSize(2).uniqueElements(one -> one.topic() + one.consumer()),
                        Arbitraries.of("", "", "k1", "k2", "k3"))
                .filter((appends, commits, key) -> !(appends.isEmpty() && commits.isEmpty()))
                .as(Many::new);
    }

    private static Arbitrary<Append> append() {
        Arbitrary<Condition> condition = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.longs().between(0, 8).map(Conditional::head)),
                Tuple.of(1, Arbitraries.integers().between(1, 40).map(id -> Conditional.absent("e" + id))));
        Arbitrary<String> id = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just("")),
                Tuple.of(4, Arbitraries.integers().between(1, 40).map(number -> "e" + number)));
        return Combinators.combine(
                        Arbitraries.integers().between(0, TOPICS - 1),
                        id.list().ofMinSize(1).ofMaxSize(3).filter(SeveralTopicsMatchAModelTest::areUnique),
                        condition.list().ofMaxSize(1).injectNull(0.6))
                .as((topic, ids, conditions) -> new Append(topic, ids, conditions == null ? List.of() : conditions));
    }

    private static boolean areUnique(List<String> ids) {
        Set<String> seen = new HashSet<>();
        return ids.stream().allMatch(id -> id.isEmpty() || seen.add(id));
    }
}
