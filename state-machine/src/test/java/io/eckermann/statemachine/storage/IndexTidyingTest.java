package io.eckermann.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Query;
import io.eckermann.statemachine.Several;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.TestStore;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.condition.Conditional;
import io.eckermann.statemachine.query.Filter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/** The index of terms gives back what it took for events that were truncated. */
class IndexTidyingTest {
    private static final int EVENTS = 600;
    private static final int TERMS_OF_AN_EVENT = 4;
    private static final Filter COMMON = Filter.of(
            Query.newBuilder().addItems(Conditional.item(List.of("Paid"))).build());

    @TempDir
    Path directory;

    private TestStore store;
    private long topic;

    /** Each event has a row for its type, its key and each of two tags. */
    @BeforeEach
    void fill() {
        store = new TestStore(directory.resolve("one"));
        store.createTopic("before");
        topic = store.createTopic("orders");
        store.createTopic("behind");
        for (long other = 1; other <= 3; other++) {
            for (int k = 0; k < (other == topic ? EVENTS : 1); k++) {
                Event event = Conditional.event("Paid", "order-" + k % 7, "customer:" + k, "day:" + k / 50);
                store.commit(2_000, TestStore.append(other, List.of(event), List.of(), null));
            }
        }
    }

    @Test
    void rowsOfTruncatedEventsGoStepByStepAlsoAcrossARestart() throws RocksDBException {
        truncate(451);
        assertThat(store.view().withUntidyIndex()).extracting(TopicState::name).containsExactly("orders");
        ByteString next = ByteString.EMPTY;
        int steps = 0;
        do {
            next = tidy(next, 100);
            steps++;
            if (steps == 2) {
                store.machine().takeSnapshot();
                store.reopen();
            }
        } while (!next.isEmpty());
        assertThat(steps).isGreaterThan(4);
        assertThat(store.view().withUntidyIndex()).isEmpty();
        assertThat(store.view().matchesForward(topic, COMMON, 1, EVENTS, EVENTS))
                .hasSize(150);
        sameOnAReplica();
        store.close();
        assertThat(rows()).isEqualTo((150L + 2) * TERMS_OF_AN_EVENT);
    }

    @Test
    void nothingOfAnEventThatIsThereGoesWhateverACommandSays() throws RocksDBException {
        truncate(301);
        tidy(ByteString.EMPTY, Integer.MAX_VALUE, Long.MAX_VALUE);
        store.close();
        assertThat(rows()).isEqualTo((300L + 2) * TERMS_OF_AN_EVENT);
    }

    @Test
    void allOfATopicThatHasNoEventsLeftGoesAtOnce() throws RocksDBException {
        truncate(EVENTS + 1);
        assertThat(tidy(ByteString.EMPTY, 1)).isEmpty();
        assertThat(store.view().withUntidyIndex()).isEmpty();
        sameOnAReplica();
        store.close();
        assertThat(rows()).isEqualTo(2L * TERMS_OF_AN_EVENT);
    }

    @Test
    void idsOfTruncatedEventsGoBehindTheTerms() throws RocksDBException {
        topic = ((Result.TopicCreated) store.commit(
                        1_000,
                        new Operation.CreateTopic(
                                "unique",
                                TestStore.SETTINGS.toBuilder()
                                        .setUniqueIds(true)
                                        .build())))
                .topicId();
        for (int k = 1; k <= 100; k++) {
            store.commit(2_000, Several.withIds(topic, List.of(Several.event("id-" + k)), List.of(), null));
        }
        truncate(61);
        // It came again, so its row is of an event that is there.
        store.commit(2_500, Several.withIds(topic, List.of(Several.event("id-7")), List.of(), null));
        int steps = 0;
        for (ByteString next = tidy(ByteString.EMPTY, 30); !next.isEmpty(); next = tidy(next, 30)) {
            steps++;
        }
        assertThat(steps).isGreaterThan(3);
        assertThat(store.commit(5_000, Several.withIds(topic, List.of(Several.event("id-99")), List.of(), null)))
                .isInstanceOf(Result.Refused.class);
        sameOnAReplica();
        store.close();
        assertThat(new ClosedIndex(directory.resolve("one/db")).rows(Family.EVENT_IDS))
                .isEqualTo(41);
    }

    @Test
    void aWalkIsDueOnlyWhenItGivesBackAShareOfWhatItCosts() {
        truncate(150);
        assertThat(store.view().withUntidyIndex()).isEmpty();
        truncate(202);
        assertThat(store.view().withUntidyIndex()).hasSize(1);
        store.close();
    }

    private void truncate(long position) {
        assertThat(store.commit(3_000, new Operation.TruncateTopic(topic, position)))
                .isInstanceOf(Result.Truncated.class);
    }

    private ByteString tidy(ByteString from, int stepsMax) {
        return tidy(from, stepsMax, store.view().topic(topic).orElseThrow().first());
    }

    private ByteString tidy(ByteString from, int stepsMax, long before) {
        Result result = store.commit(4_000, new Operation.TidyIndex(topic, before, from, stepsMax));
        return ((Result.IndexTidied) result).next();
    }

    private void sameOnAReplica() {
        try (StateMachine other = TestStore.open(directory.resolve("two"))) {
            store.replayInto(other);
            assertThat(other.digest()).isEqualTo(store.machine().digest());
        }
    }

    private long rows() throws RocksDBException {
        return new ClosedIndex(directory.resolve("one/db")).rows(Family.TERMS);
    }
}
