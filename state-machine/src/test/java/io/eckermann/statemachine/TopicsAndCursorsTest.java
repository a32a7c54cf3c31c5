package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Operation.ProducerSequence;
import io.eckermann.statemachine.command.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsAndCursorsTest {
    @TempDir
    Path directory;

    private TestStore store;

    @BeforeEach
    void open() {
        store = new TestStore(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void topicIsCreatedOnceAndFoundByNameAndId() {
        Operation create = new Operation.CreateTopic("orders", TestStore.SETTINGS);
        assertThat(store.commit(1_000, List.of(create, create)))
                .containsExactly(new Result.TopicCreated(1, true, 1_000), new Result.TopicCreated(1, false, 1_000));
        TopicState expected = new TopicState(1, "orders", TestStore.SETTINGS, 0, 1, 0, 0, 1_000);
        assertThat(store.view().topic("orders")).contains(expected);
        assertThat(store.view().topic(1)).contains(expected);
        assertThat(expected.isEmpty()).isTrue();
        assertThat(store.view().topic(0)).isEmpty();
        assertThat(store.view().topic(-1)).isEmpty();
        assertThat(store.view().topic("order")).isEmpty();
    }

    @Test
    void sameNameWithOtherSettingsIsRefused() {
        store.createTopic("orders");
        TopicSettings other =
                TestStore.SETTINGS.toBuilder().setDescription("other").build();
        assertRefused(store.commit(2_000, new Operation.CreateTopic("orders", other)), ErrorCode.TOPIC_EXISTS);
    }

    @Test
    void topicsAreListedByNameWithinAPrefix() {
        List.of("b", "a.2", "a.10", "c", "a").forEach(store::createTopic);
        assertThat(store.view().topics("")).extracting(TopicState::name).containsExactly("a", "a.10", "a.2", "b", "c");
        assertThat(store.view().topics("a.")).extracting(TopicState::name).containsExactly("a.10", "a.2");
        assertThat(store.view().topics("x")).isEmpty();
    }

    @Test
    void topicCountsItsBytesAndEvents() {
        long orders = store.createTopic("orders");
        Operation.Append append = TestStore.append(orders, null, "a", "b");
        store.commit(5_000, append);
        assertThat(store.view().topic(orders))
                .contains(new TopicState(
                        orders,
                        "orders",
                        TestStore.SETTINGS,
                        2,
                        1,
                        5_001,
                        append.body().size(),
                        1_000));
    }

    @Test
    void deletedTopicIsGoneWithEverythingAndItsNameCanBeUsedAgain() {
        String empty = store.machine().digest();
        long first = store.createTopic("orders");
        store.append(first, "p", 1, "old", "x".repeat(9_000));
        store.commit(6_000, commitTo(first, 1));
        List<Result> results = store.commit(
                7_000,
                List.of(
                        TestStore.append(first, new ProducerSequence("p", 2), "accepted, then deleted"),
                        new Operation.DeleteTopic(first),
                        TestStore.append(first, null, "too late")));
        assertThat(results.get(0)).isInstanceOf(Result.Appended.class);
        assertThat(results.get(1)).isEqualTo(new Result.Done());
        assertRefused(results.get(2), ErrorCode.TOPIC_NOT_FOUND);
        assertThat(store.view().topic("orders")).isEmpty();
        assertThat(store.view().forward(first, 1, Long.MAX_VALUE)).isEmpty();
        assertThat(store.view().cursors(first)).isEmpty();

        long second = store.createTopic("orders");
        assertThat(second).isNotEqualTo(first);
        assertThat(store.append(second, "p", 1, "new")).isEqualTo(new Result.Appended(1, 1, 1, 5_000, false));
        assertThat(store.payloads(second)).containsExactly("new");
        store.commit(8_000, new Operation.DeleteTopic(second));
        assertThat(store.machine().digest())
                .as("only the counter of topic ids differs")
                .isNotEqualTo(empty)
                .isEqualTo(digestAfterTwoEmptyTopics());
        assertRefused(store.commit(9_000, new Operation.DeleteTopic(second)), ErrorCode.TOPIC_NOT_FOUND);
    }

    @Test
    void deletingATopicLeavesItsNeighboursAlone() {
        long a = store.createTopic("a");
        long b = store.createTopic("b");
        long c = store.createTopic("c");
        for (long topic : List.of(a, b, c)) {
            store.append(topic, "p", 1, "of " + topic);
            store.commit(6_000, commitTo(topic, 1));
        }
        store.commit(7_000, new Operation.DeleteTopic(b));
        for (long topic : List.of(a, c)) {
            assertThat(store.payloads(topic)).containsExactly("of " + topic);
            assertThat(store.view().cursors(topic)).hasSize(1);
            assertThat(store.append(topic, "p", 1, "of " + topic)).isEqualTo(new Result.Appended(1, 1, 1, 5_000, true));
            assertThat(store.view().positionAt(topic, 0, TimeSeek.NEAREST)).hasValue(1);
        }
    }

    @Test
    void cursorMovesForwardToTheHeadAtMost() {
        long orders = topicWithEvents();
        assertThat(store.commit(6_000, commitTo(orders, 2))).isEqualTo(new Result.CursorCommitted(2, 3, 6_000));
        assertThat(store.view().cursor(orders, "c")).contains(new CursorState("c", orders, 2, 6_000));
        assertRefused(store.commit(7_000, commitTo(orders, 4)), ErrorCode.CURSOR_BEYOND_HEAD);
        assertRefused(store.commit(7_000, commitTo(orders, 1)), ErrorCode.CURSOR_WOULD_REWIND);
        assertRefused(store.commit(7_000, commitTo(orders, -1)), ErrorCode.BAD_REQUEST);
        store.reopen();
        assertThat(store.view().cursor(orders, "c")).contains(new CursorState("c", orders, 2, 6_000));
        assertThat(store.commit(8_000, new Operation.CommitCursor(orders, "c", 0, OptionalLong.empty(), true)))
                .isEqualTo(new Result.CursorCommitted(0, 3, 8_000));
    }

    @Test
    void cursorThatIsNotWhereItWasExpectedStays() {
        long orders = topicWithEvents();
        assertThat(store.commit(6_000, commitTo(orders, 1, 0))).isInstanceOf(Result.CursorCommitted.class);
        assertThat(store.commit(7_000, commitTo(orders, 3, 0)))
                .isInstanceOfSatisfying(Result.Refused.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.CURSOR_MOVED);
                    assertThat(refused.facts()).containsEntry("position", "1");
                    assertThat(refused.toException().facts()).isEqualTo(refused.facts());
                });
        assertThat(store.commit(8_000, commitTo(orders, 3, 1))).isInstanceOf(Result.CursorCommitted.class);
    }

    @Test
    void cursorsAreListedByConsumerAndDeleted() {
        long orders = topicWithEvents();
        for (String consumer : List.of("b", "a", "c")) {
            store.commit(6_000, new Operation.CommitCursor(orders, consumer, 1, OptionalLong.empty(), false));
        }
        assertThat(store.commit(7_000, new Operation.DeleteCursor(orders, "b"))).isEqualTo(new Result.Done());
        assertThat(store.view().cursors(orders))
                .extracting(CursorState::consumer)
                .containsExactly("a", "c");
        assertRefused(store.commit(8_000, new Operation.DeleteCursor(orders, "b")), ErrorCode.CURSOR_NOT_FOUND);
        assertRefused(store.commit(8_000, new Operation.DeleteCursor(99, "b")), ErrorCode.TOPIC_NOT_FOUND);
        assertRefused(store.commit(8_000, commitTo(99, 1)), ErrorCode.TOPIC_NOT_FOUND);
    }

    private long topicWithEvents() {
        long orders = store.createTopic("orders");
        store.append(5_000, orders, "a", "b", "c");
        return orders;
    }

    private String digestAfterTwoEmptyTopics() {
        try (TestStore other = new TestStore(directory.resolve("other"))) {
            other.commit(1, new Operation.DeleteTopic(other.createTopic("x")));
            other.commit(1, new Operation.DeleteTopic(other.createTopic("y")));
            return other.machine().digest();
        }
    }

    private static Operation commitTo(long topicId, long position) {
        return new Operation.CommitCursor(topicId, "c", position, OptionalLong.empty(), false);
    }

    private static Operation commitTo(long topicId, long position, long expected) {
        return new Operation.CommitCursor(topicId, "c", position, OptionalLong.of(expected), false);
    }

    private static void assertRefused(Result result, ErrorCode code) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
