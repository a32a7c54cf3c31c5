package io.eckermann.statemachine.condition;

import static io.eckermann.statemachine.condition.Conditional.event;
import static io.eckermann.statemachine.condition.Conditional.head;
import static io.eckermann.statemachine.condition.Conditional.item;
import static io.eckermann.statemachine.condition.Conditional.none;
import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.statemachine.TestStore;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Operation.ProducerSequence;
import io.eckermann.statemachine.command.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Refusals that take a producer's sequence. */
class CountedRefusalsTest {
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
    void whatWasSentBehindARefusalIsJudgedByItself() {
        List<Result> results = store.commit(
                2_000, List.of(counted(1, head(0)), counted(2, head(9)), counted(3, head(9)), counted(4, head(1))));
        assertThat(results.get(0)).isEqualTo(new Result.Appended(1, 1, 1, 2_000, false));
        assertThat(facts(results.get(1))).containsEntry("sequence_taken", "2").containsEntry("head", "1");
        assertThat(facts(results.get(2))).containsEntry("sequence_taken", "3");
        assertThat(results.get(3)).isEqualTo(new Result.Appended(2, 1, 2, 2_001, false));
    }

    @Test
    void refusalIsDecidedOnceThoughItsConditionHoldsLater() {
        Operation asked = counted(1, none(0, item(List.of(), "t")), head(1));
        Result refused = store.commit(2_000, asked);
        assertThat(Conditional.conflicts(refused)).hasSize(1);
        append("a");
        for (int k = 0; k < 2; k++) {
            assertThat(store.commit(4_000, asked)).isEqualTo(refused);
            store.machine().takeSnapshot();
            store.reopen();
        }
        assertThat(store.payloads(topic)).containsExactly("a");
        assertThat(store.commit(5_000, counted(2, head(1)))).isInstanceOf(Result.Appended.class);
    }

    @Test
    void sequenceOfARefusalIsNotForOtherEvents() {
        store.commit(2_000, counted(1, head(5)));
        Operation other = TestStore.append(topic, new ProducerSequence("p", 1, true), "other");
        assertThat(store.commit(3_000, other))
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SEQUENCE_REUSED));
    }

    @Test
    void whatCannotBeJudgedTakesItsSequenceToo() {
        Result beyond = store.commit(2_000, counted(1, none(7)));
        assertThat(((Result.Refused) beyond).code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(store.commit(3_000, counted(1, none(7)))).isEqualTo(beyond);
        assertThat(store.commit(3_000, counted(2, none(0)))).isInstanceOf(Result.Appended.class);
    }

    @Test
    void refusalWithoutThisLeavesTheSequenceFree() {
        Operation.Append asked = counted(1, head(1));
        Operation plain = asked.by(new ProducerSequence("p", 1));
        assertThat(facts(store.commit(2_000, plain))).doesNotContainKey("sequence_taken");
        append("a");
        assertThat(store.commit(3_000, plain)).isInstanceOf(Result.Appended.class);
    }

    @Test
    void refusalChangesNothingThatReadersSee() {
        append("a");
        TopicState before = store.view().topic(topic).orElseThrow();
        store.commit(90_000, counted(1, head(7)));
        assertThat(store.view().topic(topic).orElseThrow()).isEqualTo(before);
    }

    private void append(String payload) {
        assertThat(store.commit(3_000, TestStore.append(topic, null, payload))).isInstanceOf(Result.Appended.class);
    }

    private Operation.Append counted(long sequence, Condition... conditions) {
        Operation.Append asked = TestStore.append(topic, List.of(event("a", "", "t")), List.of(conditions), null);
        return asked.by(new ProducerSequence("p", sequence, true));
    }

    private static Map<String, String> facts(Result result) {
        return ((Result.Refused) result).facts();
    }
}
