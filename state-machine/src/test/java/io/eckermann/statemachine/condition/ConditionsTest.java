package io.eckermann.statemachine.condition;

import static io.eckermann.statemachine.condition.Conditional.absent;
import static io.eckermann.statemachine.condition.Conditional.conflicts;
import static io.eckermann.statemachine.condition.Conditional.empty;
import static io.eckermann.statemachine.condition.Conditional.event;
import static io.eckermann.statemachine.condition.Conditional.fence;
import static io.eckermann.statemachine.condition.Conditional.head;
import static io.eckermann.statemachine.condition.Conditional.item;
import static io.eckermann.statemachine.condition.Conditional.none;
import static io.eckermann.statemachine.condition.Conditional.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.Conflict;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.Event;
import io.eckermann.statemachine.TestStore;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConditionsTest {
    /** Two tags whose 64-bit hashes are the same in a store that was bitten by it. */
    private static final List<String> COLLIDING =
            List.of("student-1a5c7f43-c0cb-465f-a9ad-8e452cce2b38", "course-2b99b9c4-9031-43fd-a7e5-dceda7cab3ea");

    @TempDir
    Path directory;

    private TestStore store;
    private long topic;

    @BeforeEach
    void open() {
        store = new TestStore(directory);
        topic = store.createTopic("orders");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void appendWithStaleHeadIsRefusedAndChangesNothing() {
        accepted(append(List.of(event("a", "k")), head(0)));
        accepted(append(List.of(event("b", "k"))));
        String before = store.machine().digest();

        assertThat(conflicts(append(List.of(event("c", "k")), head(1))))
                .containsExactly(new Conflict(0, "expected_head", 2, 2, 2));
        assertThat(conflicts(append(List.of(event("c", "k")), head(7))))
                .containsExactly(new Conflict(0, "expected_head", 0, 0, 2));
        assertThat(store.machine().digest()).isEqualTo(before);
    }

    @Test
    void topicIsEmptyOnce() {
        accepted(append(List.of(event("a", "k"), event("b", "k")), empty()));
        assertThat(conflicts(append(List.of(event("c", "k")), empty())))
                .containsExactly(new Conflict(0, "topic_empty", 1, 2, 2));
    }

    @Test
    void versionOfAKeyIsTheNumberOfItsEvents() {
        accepted(append(List.of(event("a", "k"), event("a", "l"), event("a", "k")), version("k", 0), absent("l")));
        accepted(append(List.of(event("a", "k")), version("k", 2), version("l", 1)));
        assertThat(conflicts(append(List.of(event("a", "k")), version("k", 1), absent("l"))))
                .containsExactly(new Conflict(0, "key_version", 3, 4, 3), new Conflict(1, "key_absent", 2, 2, 1));
        assertThat(conflicts(append(List.of(event("a", "k")), version("k", 9))))
                .containsExactly(new Conflict(0, "key_version", 0, 0, 3));
    }

    @Test
    void eventsUpToAfterDoNotCount() {
        accepted(append(List.of(event("a", "", "x"), event("b", "", "x", "y"), event("b", "", "y"))));
        assertThat(conflicts(append(List.of(event("c", "")), none(1, item(List.of("b"))))))
                .containsExactly(new Conflict(0, "fail_if_events_match", 2, 3, -1));
        assertThat(conflicts(append(List.of(event("c", "")), none(0))))
                .containsExactly(new Conflict(0, "fail_if_events_match", 1, 3, -1));
        accepted(append(List.of(event("c", "")), none(3)));
        accepted(append(List.of(event("c", "")), none(1, item(List.of("a", "d"), "x"), item(List.of(), "x", "z"))));
        assertThat(conflicts(append(List.of(event("c", "")), none(1, item(List.of("a"), "x"), item(List.of(), "x")))))
                .containsExactly(new Conflict(0, "fail_if_events_match", 2, 2, -1));
    }

    @Test
    void textsAreComparedAndNotTheirHashes() {
        accepted(append(List.of(event("a", "", COLLIDING.get(0)))));
        accepted(append(List.of(event("a", "")), none(0, item(List.of(), COLLIDING.get(1)))));
        accepted(append(List.of(event("a", "", "ab"))));
        accepted(append(List.of(event("a", "")), none(0, item(List.of(), "a")), none(0, item(List.of("ab")))));
    }

    @Test
    void largerTokenShutsOutSmallerOnes() {
        accepted(append(List.of(event("a", "")), fence("leader", 3)));
        accepted(append(List.of(event("a", "")), fence("leader", 3), fence("other", 0)));
        accepted(append(List.of(event("a", "")), fence("leader", 5)));
        assertThat(conflicts(append(List.of(event("a", "")), fence("leader", 4))))
                .containsExactly(new Conflict(0, "fence", 0, 0, 5));
        // What is refused for something else raises nothing.
        conflicts(append(List.of(event("a", "")), fence("leader", 9), empty()));
        accepted(append(List.of(event("a", "")), fence("leader", 5)));
    }

    @Test
    void afterBeyondTheHeadIsABadRequest() {
        Result.Refused refused = (Result.Refused) append(List.of(event("a", "")), none(1));
        assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refused.facts())
                .containsEntry("field", "conditions[0].after")
                .containsEntry("head", "0");
    }

    /** Only where it is applied the head is known: an answer may name one that no reader of any node sees yet. */
    @Test
    void appendRefusedForItsAfterLosesNothingBesideIt() {
        Operation.ProducerSequence second = new Operation.ProducerSequence("p", 2);
        List<Result> results = store.commit(
                2_000,
                List.of(
                        by(new Operation.ProducerSequence("p", 1), "a"),
                        by(second, "b", none(9)),
                        TestStore.append(topic, null, "beside"),
                        by(second, "b", none(2))));
        accepted(results.get(0));
        assertThat(((Result.Refused) results.get(1)).code()).isEqualTo(ErrorCode.BAD_REQUEST);
        accepted(results.get(2));
        accepted(results.get(3));
        assertThat(store.view().topic(topic).orElseThrow().head()).isEqualTo(3);
    }

    /** Two tags that never meet, in so many rows that no judgement may look at all of them. */
    @Test
    void queryThatLooksAtTooMuchIsRefusedUntilItNamesALaterPosition() {
        Condition apart = none(0, item(List.of(), "even", "odd"));
        for (int entry = 0; entry < 35; entry++) {
            List<Operation> appends = new ArrayList<>();
            for (int k = 0; k < 2_000; k++) {
                // A condition that asks for them closes the rows before it.
                Condition asking = none(entry * 2_000L + k, item(List.of(), "even", "odd"));
                appends.add(TestStore.append(
                        topic, List.of(event("", "", k % 2 == 0 ? "even" : "odd")), List.of(asking), null));
            }
            store.commit(2_000, appends);
        }
        Result.Refused refused = (Result.Refused) append(List.of(event("a", "")), head(70_000), apart);
        assertThat(refused.code()).isEqualTo(ErrorCode.CONDITION_TOO_COSTLY);
        assertThat(refused.facts()).containsEntry("condition", "1").containsEntry("head", "70000");
        assertThat(store.view().topic(topic).orElseThrow().head()).isEqualTo(70_000);
        accepted(append(List.of(event("a", "")), none(60_000, item(List.of(), "even", "odd"))));
    }

    private Operation by(Operation.ProducerSequence producer, String type, Condition... conditions) {
        Operation.Append plain = TestStore.append(topic, List.of(event(type, "")), List.of(conditions), null);
        return new Operation.Append(
                topic, plain.count(), plain.encoding(), plain.crc32c(), plain.body(), producer, plain.particulars());
    }

    @Test
    void appendsOfOneEntrySeeEachOther() {
        List<Operation> same = Collections.nCopies(
                5,
                TestStore.append(topic, List.of(event("a", "k", "t")), List.of(none(0, item(List.of(), "t"))), null));
        List<Operation> mixed = new ArrayList<>(same);
        mixed.add(TestStore.append(topic, null, "free"));
        mixed.add(TestStore.append(topic, List.of(event("a", "k")), List.of(version("k", 1), head(2)), null));
        List<Result> results = store.commit(2_000, mixed);
        accepted(results.get(0));
        assertThat(results.subList(1, 5))
                .allSatisfy(result -> assertThat(conflicts(result))
                        .containsExactly(new Conflict(0, "fail_if_events_match", 1, 1, -1)));
        accepted(results.get(5));
        accepted(results.get(6));
        assertThat(store.payloads(topic)).containsExactly("x", "free", "x");
    }

    @Test
    void conditionsSurviveARestart() {
        accepted(append(List.of(event("a", "k", "t")), fence("f", 2)));
        store.reopen();
        assertThat(conflicts(append(
                        List.of(event("a", "k")),
                        head(0),
                        empty(),
                        absent("k"),
                        none(0, item(List.of("a"), "t")),
                        fence("f", 1))))
                .extracting(Conflict::type)
                .containsExactly("expected_head", "topic_empty", "key_absent", "fail_if_events_match", "fence");
    }

    private Result append(List<Event> events, Condition... conditions) {
        return store.commit(2_000, TestStore.append(topic, events, List.of(conditions), null));
    }

    private static void accepted(Result result) {
        assertThat(result).isInstanceOf(Result.Appended.class);
    }
}
