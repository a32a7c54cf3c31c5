package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
    private static final OptionalLong AS_IT_IS = OptionalLong.empty();

    @TempDir
    Path temp;

    private TestStore store;
    private long orders;

    @BeforeEach
    void fill() {
        store = new TestStore(temp);
        orders = store.createTopic("orders");
        store.append(2_000, orders, "a", "b", "c");
        store.append(3_000, orders, "d");
        store.append(4_000, orders, "e", "f");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void truncatedTopicBeginsThereAndKeepsItsPositions() {
        assertThat(truncate(4)).isEqualTo(new Result.Truncated(4, 6));
        assertThat(topic().first()).isEqualTo(4);
        assertThat(topic().head()).isEqualTo(6);
        assertThat(TestStore.payloads(store.view().forward(orders, 4, 1_000))).containsExactly("d", "e", "f");
        assertThat(store.view().stored(orders, 3)).isEmpty();
        assertThat(store.append(5_000, orders, "g")).isEqualTo(new Result.Appended(7, 1, 7, 5_000, false));
        store.reopen();
        assertThat(topic().first()).isEqualTo(4);
    }

    @Test
    void chunkStaysUntilItsLastEventIsRemovedAndCountsWholeUntilThen() {
        long bytes = topic().sizeBytes();
        truncate(2);
        assertThat(topic().sizeBytes()).isEqualTo(bytes);
        assertThat(store.view().forward(orders, 2, 1)).hasSize(1);
        truncate(4);
        assertThat(topic().sizeBytes()).isBetween(1L, bytes - 1);
        assertThat(store.view().positionAt(orders, 1, TimeSeek.AT_OR_AFTER)).hasValue(4);
    }

    @Test
    void timesBeforeTheFirstEventLeadToIt() {
        truncate(2);
        assertThat(store.view().positionAt(orders, 2_000, TimeSeek.AT_OR_AFTER)).hasValue(2);
        assertThat(store.view().positionAt(orders, 1, TimeSeek.NEAREST)).hasValue(2);
        assertThat(store.view().positionAt(orders, 2_000, TimeSeek.AT_OR_BEFORE))
                .isEmpty();
        assertThat(store.view().positionAt(orders, 2_001, TimeSeek.AT_OR_BEFORE))
                .hasValue(2);
    }

    @Test
    void wholeTopicCanBeTruncatedAndGoesOnBehindItsHead() {
        assertThat(truncate(7)).isEqualTo(new Result.Truncated(7, 6));
        assertThat(topic().isEmpty()).isTrue();
        assertThat(topic().sizeBytes()).isZero();
        assertThat(store.view().positionAt(orders, 1, TimeSeek.AT_OR_AFTER)).isEmpty();
        assertThat(store.append(1, orders, "g")).isEqualTo(new Result.Appended(7, 1, 7, 4_002, false));
        assertThat(store.payloads(orders)).containsExactly("g");
    }

    @Test
    void truncationBeyondTheHeadIsRefusedAndChangesNothing() {
        String digest = store.machine().digest();
        assertThat(truncate(8))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(Result.Refused.class))
                .extracting(Result.Refused::code)
                .isEqualTo(ErrorCode.POSITION_OUT_OF_RANGE);
        truncate(1);
        assertThat(store.machine().digest()).isEqualTo(digest);
    }

    @Test
    void truncationByTimeLeavesWhatWasRecordedThenOrLater() {
        assertThat(store.commit(9_000, new Operation.TruncateTopicBefore(orders, 3_000)))
                .isEqualTo(new Result.Truncated(4, 6));
        assertThat(store.commit(9_000, new Operation.TruncateTopicBefore(orders, 4_001)))
                .isEqualTo(new Result.Truncated(6, 6));
        assertThat(store.commit(9_000, new Operation.TruncateTopicBefore(orders, 1_000_000)))
                .isEqualTo(new Result.Truncated(7, 6));
    }

    @Test
    void settingsSayHowManyEventsAreRetained() {
        bound(AS_IT_IS, AS_IT_IS, OptionalLong.of(2));
        assertThat(store.view().overdue(10_000)).containsExactly(orders);
        assertThat(retain(10_000)).isEqualTo(new Result.Truncated(5, 6));
        assertThat(store.view().overdue(10_000)).isEmpty();
        bound(AS_IT_IS, AS_IT_IS, OptionalLong.of(0));
        assertThat(topic().settings().getRetainEvents()).isZero();
    }

    @Test
    void settingsSayHowOldEventsAreRetained() {
        bound(OptionalLong.of(1), AS_IT_IS, AS_IT_IS);
        assertThat(store.view().overdue(1_002_000)).isEmpty();
        assertThat(store.view().overdue(1_002_001)).containsExactly(orders);
        assertThat(retain(1_002_002)).isEqualTo(new Result.Truncated(3, 6));
        assertThat(retain(9_000_000)).isEqualTo(new Result.Truncated(7, 6));
        assertThat(store.view().overdue(9_000_000)).isEmpty();
    }

    @Test
    void settingsSayHowManyBytesAreRetainedAndTheNewestChunkStays() {
        long chunk = store.view().stored(orders, 5).orElseThrow().address().length();
        for (int k = 0; k < 100; k++) {
            store.append(5_000, orders, "k" + k % 10);
        }
        bound(AS_IT_IS, OptionalLong.of(10 * chunk), AS_IT_IS);
        retain(10_000);
        assertThat(topic().sizeBytes()).isBetween(9 * chunk, 10 * chunk);
        bound(AS_IT_IS, OptionalLong.of(1), AS_IT_IS);
        assertThat(retain(10_000)).isEqualTo(new Result.Truncated(106, 106));
    }

    @Test
    void settingsThatAreNotNamedStayAsTheyAre() {
        bound(OptionalLong.of(5), OptionalLong.of(6), OptionalLong.of(7));
        store.commit(
                1, new Operation.UpdateTopic(orders, "for people", new Operation.Retain(AS_IT_IS, AS_IT_IS, AS_IT_IS)));
        assertThat(topic().settings())
                .isEqualTo(TopicSettings.newBuilder()
                        .setMaxEventBytes(1 << 20)
                        .setDescription("for people")
                        .setRetainAgeMs(5)
                        .setRetainBytes(6)
                        .setRetainEvents(7)
                        .build());
    }

    private Result truncate(long position) {
        return store.commit(9_000, new Operation.TruncateTopic(orders, position));
    }

    private Result retain(long nowNs) {
        return store.commit(nowNs, new Operation.RetainTopic(orders));
    }

    private void bound(OptionalLong ageMs, OptionalLong bytes, OptionalLong events) {
        store.commit(1, new Operation.UpdateTopic(orders, null, new Operation.Retain(ageMs, bytes, events)));
    }

    private TopicState topic() {
        return store.view().topic(orders).orElseThrow();
    }
}
