package io.eckermann.statemachine;

import static io.eckermann.statemachine.Several.commit;
import static io.eckermann.statemachine.Several.many;
import static io.eckermann.statemachine.Several.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.Conflict;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.condition.Conditional;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendManyTest {
    @TempDir
    Path directory;

    private TestStore store;
    private long orders;
    private long stock;

    @BeforeEach
    void open() {
        store = new TestStore(directory);
        orders = store.createTopic("orders");
        stock = store.createTopic("stock");
        store.append(1_500, orders, "first");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void eachTopicGetsItsOwnEventsPositionsAndTimes() {
        Result result = store.commit(
                2_000,
                many(List.of(append(orders, "a", "b"), append(stock, "x")), List.of(commit(orders, "c", 1, 0)), null));
        assertThat(result)
                .isEqualTo(new Result.AppendedMany(
                        List.of(new Result.Appended(2, 2, 3, 2_000, false), new Result.Appended(1, 1, 1, 2_000, false)),
                        List.of(new Result.CursorCommitted(1, 3, 2_000)),
                        false));
        assertThat(store.payloads(orders)).containsExactly("first", "a", "b");
        assertThat(store.payloads(stock)).containsExactly("x");
        assertThat(store.view().cursor(orders, "c"))
                .get()
                .extracting(CursorState::position)
                .isEqualTo(1L);
    }

    @Test
    void bodiesAreReadFromKeptSegmentsAfterARestart() {
        store.commit(2_000, many(List.of(append(orders, "a", "b"), append(stock, "x", "y")), List.of(), null));
        store.machine().takeSnapshot();
        store.purgeLog();
        store.reopen();
        assertThat(store.payloads(orders)).containsExactly("first", "a", "b");
        assertThat(store.payloads(stock)).containsExactly("x", "y");
    }

    @Test
    void anEventOfOneTopicIsDeletedWithoutTheOthers() {
        store.commit(2_000, many(List.of(append(orders, "a", "b"), append(stock, "x", "y")), List.of(), null));
        store.deleteEvent(stock, 1);
        assertThat(store.payloads(stock)).containsExactly("", "y");
        assertThat(store.payloads(orders)).containsExactly("first", "a", "b");
    }

    @Test
    void refusalTellsOfEveryConditionOfEveryTopicAndNothingIsDone() {
        String before = store.machine().digest();
        Result result = store.commit(
                2_000,
                many(
                        List.of(
                                append(orders, List.of(Conditional.head(0), Conditional.head(1), Conditional.empty())),
                                append(stock, List.of(Conditional.absent("k"), Conditional.head(5)))),
                        List.of(commit(orders, "c", 1, 0)),
                        request("key", "says")));
        Result.Refused refused = (Result.Refused) result;
        assertThat(refused.code()).isEqualTo(ErrorCode.CONDITION_FAILED);
        assertThat(Conditional.conflicts(result))
                .containsExactly(
                        new Conflict("orders", 0, "expected_head", 1, 1, 1),
                        new Conflict("orders", 2, "topic_empty", 1, 1, 1),
                        new Conflict("stock", 1, "expected_head", 0, 0, 0));
        assertThat(store.machine().digest()).isEqualTo(before);
    }

    @Test
    void lostCursorRefusesTheAppendsAndStillTellsOfConditions() {
        store.commit(1_800, commit(orders, "c", 1, 0));
        String before = store.machine().digest();
        Result.Refused moved = refused(
                many(List.of(append(stock, List.of(Conditional.head(7)))), List.of(commit(orders, "c", 1, 0)), null));
        assertThat(moved.code()).isEqualTo(ErrorCode.CURSOR_MOVED);
        assertThat(moved.facts())
                .containsAllEntriesOf(Map.of(
                        "consumer", "c",
                        "topic", "orders",
                        "position", "1",
                        "conflicts", "0 expected_head 0 0 0 stock"));
        assertThat(refused(many(List.of(append(orders, "a")), List.of(commit(orders, "c", 2, 1)), null))
                        .code())
                .as("it is judged by the head before the appends")
                .isEqualTo(ErrorCode.CURSOR_BEYOND_HEAD);
        assertThat(store.machine().digest()).isEqualTo(before);
    }

    @Test
    void missingTopicRefusesAllOfIt() {
        String before = store.machine().digest();
        assertThat(refused(many(List.of(append(orders, "a"), append(99, "b")), List.of(), null)))
                .isEqualTo(refused(many(List.of(append(orders, "a")), List.of(commit(99, "c", 0, 0)), null)))
                .extracting(Result.Refused::code)
                .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        assertThat(store.machine().digest()).isEqualTo(before);
    }

    @Test
    void retryGetsTheFirstResultsAlsoAfterASnapshotAndARestart() {
        Operation step = many(
                List.of(append(orders, List.of(Conditional.head(1))), append(stock, "x")),
                List.of(commit(orders, "c", 1, 0)),
                request("key", "says"));
        Result.AppendedMany first = (Result.AppendedMany) store.commit(2_000, step);
        store.append(3_000, stock, "later");
        store.machine().takeSnapshot();
        store.reopen();
        Result.AppendedMany again = (Result.AppendedMany) store.commit(4_000, step);
        assertThat(again.duplicate()).isTrue();
        assertThat(again.appends())
                .containsExactly(new Result.Appended(2, 1, 2, 2_000, true), new Result.Appended(1, 1, 2, 2_000, true));
        assertThat(again.cursors()).isEqualTo(first.cursors());
        assertThat(store.payloads(stock)).containsExactly("x", "later");
    }

    @Test
    void keyOfAnotherRequestIsRefusedInEitherDirection() {
        store.commit(2_000, many(List.of(append(stock, "x")), List.of(), request("many", "says")));
        store.commit(2_000, TestStore.append(stock, List.of(Several.event("y")), List.of(), request("one", "says")));
        assertThat(refused(many(List.of(append(stock, "x")), List.of(), request("many", "else")))
                        .code())
                .isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED);
        assertThat(refused(many(List.of(append(stock, "x")), List.of(), request("one", "says")))
                        .code())
                .isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED);
        assertThat(refused(TestStore.append(stock, List.of(Several.event("y")), List.of(), request("many", "says")))
                        .code())
                .isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED);
    }

    @Test
    void cursorsAloneMoveTogetherOrNot() {
        Operation.CommitCursor beyond = new Operation.CommitCursor(stock, "c", 1, OptionalLong.empty(), false);
        assertThat(refused(many(List.of(), List.of(commit(orders, "c", 1, 0), beyond), null))
                        .code())
                .isEqualTo(ErrorCode.CURSOR_BEYOND_HEAD);
        assertThat(store.view().cursor(orders, "c")).isEmpty();
        store.append(1_900, stock, "x");
        assertThat(store.commit(2_000, many(List.of(), List.of(commit(orders, "c", 1, 0), beyond), null)))
                .isEqualTo(new Result.AppendedMany(
                        List.of(),
                        List.of(new Result.CursorCommitted(1, 1, 2_000), new Result.CursorCommitted(1, 1, 2_000)),
                        false));
    }

    @Test
    void appendsAroundItInOneEntryKeepTheirOrder() {
        store.commit(
                2_000,
                List.of(
                        TestStore.append(orders, null, "before"),
                        many(List.of(append(orders, "in"), append(stock, "x")), List.of(), null),
                        TestStore.append(orders, null, "behind")));
        assertThat(store.payloads(orders)).containsExactly("first", "before", "in", "behind");
        assertThat(store.view().forward(orders, 1, Long.MAX_VALUE))
                .extracting(Chunk::getCount)
                .containsExactly(1, 1, 1, 1);
    }

    private Result.Refused refused(Operation operation) {
        return (Result.Refused) store.commit(5_000, operation);
    }

    private static Operation.Append append(long topic, String... payloads) {
        return TestStore.append(topic, null, payloads);
    }

    private static Operation.Append append(long topic, List<Condition> conditions) {
        return TestStore.append(topic, List.of(Conditional.event("t", "k2")), conditions, null);
    }
}
