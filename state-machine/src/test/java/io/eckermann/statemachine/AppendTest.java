package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Operation.ProducerSequence;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.Result.Appended;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendTest {
    private static final long UNKNOWN_TOPIC = 99;

    @TempDir
    Path directory;

    private TestStore store;
    private long orders;

    @BeforeEach
    void open() {
        store = new TestStore(directory);
        orders = store.createTopic("orders");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void positionsAreDenseFromOne() {
        assertThat(store.append(5_000, orders, "a", "b")).isEqualTo(new Appended(1, 2, 2, 5_000, false));
        assertThat(store.append(6_000, orders, "c")).isEqualTo(new Appended(3, 1, 3, 6_000, false));
        assertThat(store.payloads(orders)).containsExactly("a", "b", "c");
    }

    @Test
    void recordedTimeNeverGoesBack() {
        store.append(5_000, orders, "a", "b");
        assertThat(store.append(4_000, orders, "c")).isEqualTo(new Appended(3, 1, 3, 5_002, false));
    }

    @Test
    void appendsOfOneEntryLieInOneChunk() {
        List<Result> results = store.commit(
                5_000, List.of(TestStore.append(orders, null, "a"), TestStore.append(orders, null, "b", "c")));
        assertThat(results).containsExactly(new Appended(1, 1, 1, 5_000, false), new Appended(2, 2, 3, 5_001, false));
        List<Chunk> chunks = store.view().forward(orders, 1, Long.MAX_VALUE);
        assertThat(chunks).hasSize(1);
        assertThat(chunks.get(0).getCount()).isEqualTo(3);
        assertThat(TestStore.payloads(chunks)).containsExactly("a", "b", "c");
    }

    @Test
    void refusedAppendSplitsTheRunAndItsNeighboursStay() {
        List<Result> results = store.commit(
                5_000,
                List.of(
                        TestStore.append(orders, new ProducerSequence("p", 1), "a"),
                        TestStore.append(orders, new ProducerSequence("p", 3), "gap"),
                        TestStore.append(orders, new ProducerSequence("p", 2), "b"),
                        TestStore.append(orders, new ProducerSequence("p", 2), "b")));
        assertThat(results.get(1))
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SEQUENCE_GAP));
        assertThat(results.get(3)).isEqualTo(new Appended(2, 1, 2, 5_001, true));
        assertThat(store.view().forward(orders, 1, Long.MAX_VALUE)).hasSize(2);
        assertThat(store.payloads(orders)).containsExactly("a", "b");
    }

    @Test
    void retriedAppendReturnsItsFirstResultAlsoAfterARestart() {
        Result first = store.append(orders, "p", 1, "paid");
        store.append(orders, "p", 2, "sent");
        store.reopen();
        assertThat(first).isEqualTo(new Appended(1, 1, 1, 5_000, false));
        assertThat(store.append(orders, "p", 1, "paid")).isEqualTo(new Appended(1, 1, 2, 5_000, true));
        assertThat(store.payloads(orders)).containsExactly("paid", "sent");
    }

    @Test
    void sequenceWithOtherEventsIsRefused() {
        store.append(orders, "p", 1, "paid");
        assertRefused(store.append(orders, "p", 1, "stolen"), ErrorCode.SEQUENCE_REUSED);
        assertRefused(store.append(orders, "p", 1, "paid", "paid"), ErrorCode.SEQUENCE_REUSED);
        assertThat(store.payloads(orders)).containsExactly("paid");
    }

    @Test
    void gapNamesTheExpectedSequence() {
        store.append(orders, "p", 1, "a");
        assertThat(store.append(orders, "p", 4, "d"))
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused -> assertThat(refused.facts())
                                .containsEntry("expected", "2")
                                .containsEntry("sequence", "4"));
        assertRefused(store.append(orders, "stranger", 2, "x"), ErrorCode.SEQUENCE_GAP);
        assertRefused(store.append(orders, "stranger", 0, "x"), ErrorCode.BAD_REQUEST);
    }

    @Test
    void onlyTheLastResultsAreKept() {
        int last = Limits.PRODUCER_RESULTS_KEPT + 2;
        for (int sequence = 1; sequence <= last; sequence++) {
            store.append(orders, "p", sequence, "e" + sequence);
        }
        assertRefused(store.append(orders, "p", 2, "e2"), ErrorCode.SEQUENCE_TOO_OLD);
        assertThat(store.append(orders, "p", 3, "e3")).isEqualTo(new Appended(3, 1, last, 5_002, true));
    }

    @Test
    void producerUnusedForLongestIsForgotten() {
        List<Operation> all = new ArrayList<>();
        for (int i = 0; i < Limits.PRODUCERS_KEPT; i++) {
            all.add(TestStore.append(orders, new ProducerSequence("p" + i, 1), "x"));
        }
        // In this order the first of them, by name, is p0.
        store.commit(5_000, all.subList(1, all.size()));
        store.commit(5_000, all.get(0));
        store.append(orders, "p1", 2, "used again");
        store.append(orders, "new", 1, "takes the place of p10");
        assertThat(store.append(orders, "p0", 1, "x"))
                .isInstanceOfSatisfying(
                        Appended.class, dup -> assertThat(dup.duplicate()).isTrue());
        assertThat(store.append(orders, "p1", 2, "used again"))
                .isInstanceOfSatisfying(
                        Appended.class, dup -> assertThat(dup.duplicate()).isTrue());
        assertRefused(store.append(orders, "p10", 2, "y"), ErrorCode.SEQUENCE_GAP);
        assertThat(store.append(orders, "p100", 2, "y")).isInstanceOf(Appended.class);
    }

    @Test
    void unknownTopicRefusesEachAppend() {
        List<Result> results = store.commit(
                5_000, List.of(TestStore.append(UNKNOWN_TOPIC, null, "a"), TestStore.append(UNKNOWN_TOPIC, null, "b")));
        assertThat(results).hasSize(2).allSatisfy(result -> assertRefused(result, ErrorCode.TOPIC_NOT_FOUND));
    }

    @Test
    void entryAppliedBeforeChangesNothingAndGivesNoResults() {
        store.append(5_000, orders, "a");
        String digest = store.machine().digest();
        store.replayInto(store.machine());
        assertThat(store.machine().digest()).isEqualTo(digest);
        assertThat(store.machine()
                        .apply(new RaftIndex(1, 0), new io.eckermann.statemachine.command.Command(1, List.of())))
                .isEqualTo(Collections.emptyList());
    }

    @Test
    void readersAreWokenAfterEventsBecameVisible() {
        AtomicInteger seen = new AtomicInteger();
        try (HeadSignal.Listener listener = store.machine()
                .headSignal()
                .listen(orders, () -> seen.set(store.payloads(orders).size()))) {
            assertThat(listener).isNotNull();
            store.append(5_000, orders, "a", "b");
            store.machine().flush();
        }
        assertThat(seen).hasValue(2);
        store.append(5_000, orders, "c");
        store.machine().flush();
        assertThat(seen).hasValue(2);
    }

    private static void assertRefused(Result result, ErrorCode code) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
