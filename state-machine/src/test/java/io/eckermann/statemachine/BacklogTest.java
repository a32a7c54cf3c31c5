package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.chunk.NewChunk;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.storage.StorageSettings;
import io.eckermann.statemachine.storage.Store;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.topic.HotRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is applied becomes visible behind that, whole entries at a time, or not at all. */
@Timeout(120)
class BacklogTest {
    @TempDir
    Path temp;

    private TestStore store;
    private long orders;

    @BeforeEach
    void open() {
        store = new TestStore(temp.resolve("a"));
        orders = store.createTopic("orders");
        TestStore.awaitVisible(store.machine());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void crashBetweenTheStagesLeavesAnOlderStateThatTheLogReplays() throws Exception {
        Gate gate = new Gate();
        store.machine().addListener(gate);
        store.append(orders, "p", 1, "event 1");
        gate.awaitArrival();
        for (int i = 2; i <= 20; i++) {
            store.append(orders, "p", i, "event " + i);
        }
        RaftIndex visible = store.machine().visible();
        assertThat(visible.index()).isLessThan(store.machine().applied().index());
        store.machine().flushVisible();
        assertThat(store.machine().durablyApplied()).isEqualTo(visible);
        CrashCopy.make(temp.resolve("a"), temp.resolve("crashed"));
        gate.open();
        try (StateMachine crashed = TestStore.open(temp.resolve("crashed"))) {
            assertThat(crashed.applied()).isEqualTo(visible);
            assertThat(crashed.view().topic(orders).orElseThrow().head()).isEqualTo(visible.index());
            store.replayInto(crashed);
            assertThat(crashed.digest()).isEqualTo(store.machine().digest());
        }
    }

    @Test
    void resultsComeAndRetriesAreKnownWhileNothingIsWritten() throws Exception {
        Gate gate = new Gate();
        store.machine().addListener(gate);
        store.append(orders, "p", 1, "a");
        gate.awaitArrival();
        long visible = store.machine().visible().index();
        assertThat(store.append(orders, "p", 2, "b")).extracting("first").isEqualTo(2L);
        assertThat(store.append(orders, "p", 2, "b")).extracting("duplicate").isEqualTo(true);
        assertThat(store.machine().visible().index()).isEqualTo(visible);
        CompletableFuture<Void> seen =
                store.machine().whenVisible(store.machine().applied().index());
        assertThat(seen).isNotDone();
        gate.open();
        seen.get(60, TimeUnit.SECONDS);
        assertThat(store.payloads(orders)).containsExactly("a", "b");
    }

    @Test
    void applyWaitsWhenTheStoreDoesNotKeepUp() throws Exception {
        Gate gate = new Gate();
        store.machine().addListener(gate);
        store.append(1_000, orders, "first");
        gate.awaitArrival();
        String big = "x".repeat(1 << 20);
        Thread applying = new Thread(() -> {
            for (int i = 0; i < 80; i++) {
                store.append(1_000, orders, big);
            }
        });
        applying.start();
        while (applying.getState() != Thread.State.WAITING) {
            assertThat(applying.isAlive()).as("it has to wait").isTrue();
            Thread.onSpinWait();
        }
        assertThat(store.machine().applied().index()).isBetween(10L, 60L);
        gate.open();
        applying.join();
        assertThat(store.view().topic(orders).orElseThrow().head()).isEqualTo(81);
    }

    @Test
    void snapshotIsMadeWhileEntriesAreApplied() throws Exception {
        CompletableFuture<Snapshot> made = CompletableFuture.supplyAsync(() -> {
            Snapshot last = store.machine().takeSnapshot();
            for (int i = 0; i < 5; i++) {
                last = store.machine().takeSnapshot();
            }
            return last;
        });
        int sequence = 0;
        while (!made.isDone()) {
            store.append(orders, "p", ++sequence, "event " + sequence);
        }
        Snapshot snapshot = made.get(60, TimeUnit.SECONDS);
        assertThat(store.machine().durablyApplied().index())
                .isGreaterThanOrEqualTo(snapshot.at().index());
        try (StateMachine other = TestStore.open(temp.resolve("b"))) {
            Path incoming = other.incoming();
            CrashCopy.make(snapshot.directory(), incoming);
            TestStore.replace(other, incoming);
            assertThat(other.applied()).isEqualTo(snapshot.at());
            assertThat(other.view().topic(orders).orElseThrow().head())
                    .isEqualTo(snapshot.at().index());
            store.replayInto(other);
            assertThat(other.digest()).isEqualTo(store.machine().digest());
        }
    }

    @Test
    void failedWriterStopsTheNodeWithoutAnotherEntry() {
        CompletableFuture<StorageFailure> stop = new CompletableFuture<>();
        store.machine().onFailure(stop::complete);
        store.machine().addListener(new Silent() {
            @Override
            public void appended(List<NewChunk> chunks) {
                throw new IllegalStateException("no");
            }
        });
        store.append(1_000, orders, "a");
        assertThat(stop.orTimeout(60, TimeUnit.SECONDS).join()).hasRootCauseMessage("no");
        assertThatThrownBy(() -> store.append(1_000, orders, "b")).isInstanceOf(StorageFailure.class);
        assertThatThrownBy(() -> store.machine().takeSnapshot()).isInstanceOf(StorageFailure.class);
        assertThatThrownBy(() -> store.machine().whenVisible(9).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StorageFailure.class);
    }

    @Test
    void lostDiskFailsTheStateAndWhatIsOnItStaysOld() throws IOException {
        store.append(1_000, orders, "kept");
        store.machine().flush();
        store.append(1_000, orders, "lost");
        TestStore.awaitVisible(store.machine());
        Files.move(temp.resolve("a/db"), temp.resolve("moved"));
        assertThatThrownBy(() -> store.machine().flush()).isInstanceOf(StorageFailure.class);
        assertThatThrownBy(() -> store.append(1_000, orders, "c")).isInstanceOf(StorageFailure.class);
        store.machine().close();
        Files.move(temp.resolve("moved"), temp.resolve("a/db"));
        store.reopen();
        assertThat(store.payloads(orders)).containsExactly("kept");
    }

    @Test
    void nothingIsVisibleBeforeTheLogHasIt() throws Exception {
        AtomicLong logged = new AtomicLong(1);
        store.machine().writeOnly(index -> index <= logged.get());
        store.append(1_000, orders, "a");
        TestStore.awaitVisible(store.machine());
        store.append(1_000, orders, "b");
        CompletableFuture<Void> second = store.machine().whenVisible(2);
        assertThat(store.machine().applied().index()).isEqualTo(2);
        assertThat(store.machine().visible().index()).isEqualTo(1);
        logged.set(2);
        second.get(60, TimeUnit.SECONDS);
        store.append(1_000, orders, "never in the log");
        CompletableFuture<Void> third = store.machine().whenVisible(3);
        store.machine().close();
        assertThatThrownBy(() -> third.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .satisfies(e -> assertThat(((StoreException) e).code()).isEqualTo(ErrorCode.NOT_READY));
        store.reopen();
        assertThat(store.payloads(orders)).containsExactly("a", "b");
    }

    @Test
    void writerRestsWhileNobodyWaitsAndNoLonger() throws Exception {
        AtomicBoolean awaited = new AtomicBoolean();
        Semaphore shown = new Semaphore(0);
        try (Store written = Store.open(temp.resolve("other/db"), StorageSettings.DEFAULTS)) {
            Backlog backlog = new Backlog(
                    written.batch(), RaftIndex.NONE, new Outcomes(awaited::get, shown::release), Duration.ofDays(1));
            backlog.start();
            apply(backlog, 1);
            assertThat(shown.tryAcquire(60, TimeUnit.SECONDS))
                    .as("the first after a rest is written at once")
                    .isTrue();
            apply(backlog, 2);
            apply(backlog, 3);
            assertThat(backlog.visible().index()).isEqualTo(1);
            backlog.whenVisible(2).get(60, TimeUnit.SECONDS);
            assertThat(backlog.visible().index())
                    .as("they were written together")
                    .isEqualTo(3);
            shown.acquire();
            awaited.set(true);
            apply(backlog, 4);
            assertThat(shown.tryAcquire(60, TimeUnit.SECONDS))
                    .as("somebody listens")
                    .isTrue();
            awaited.set(false);
            apply(backlog, 5);
            backlog.drain(5);
            apply(backlog, 6);
            backlog.close();
            assertThat(backlog.visible().index()).as("nothing is left behind").isEqualTo(6);
        }
    }

    private static void apply(Backlog backlog, long index) {
        RaftIndex at = new RaftIndex(1, index);
        StoreBatch batch = backlog.begin();
        CommandApplier applier = new CommandApplier(batch, new HotRows(), at, new Command(0, List.of()));
        applier.apply();
        backlog.add(at, applier);
        backlog.end();
    }

    private record Outcomes(BooleanSupplier awaited, Runnable shown) implements Backlog.Outcome {
        @Override
        public boolean isAwaited(CommandApplier applied) {
            return awaited.getAsBoolean();
        }

        @Override
        public void visible(AppliedRun run) {
            shown.run();
        }

        @Override
        public void failed(StorageFailure failure) {}
    }

    @Test
    void waiterThatGivesUpIsForgotten() throws IOException {
        try (Store unused = Store.open(temp.resolve("other/db"), StorageSettings.DEFAULTS)) {
            Backlog backlog = new Backlog(unused.batch(), RaftIndex.NONE, new Outcomes(() -> false, () -> {}));
            CompletableFuture<Void> stays = backlog.whenVisible(7);
            CompletableFuture<Void> leaves = backlog.whenVisible(7);
            assertThat(backlog.waiting()).isEqualTo(2);
            leaves.completeExceptionally(new TimeoutException());
            assertThat(backlog.waiting()).isEqualTo(1);
            backlog.replace(unused.batch(), new RaftIndex(1, 7));
            assertThat(stays).isCompleted();
            assertThat(backlog.waiting()).isZero();
        }
    }

    @Test
    void listenersAreToldOfEachChunkOnceAndInOrder() {
        List<String> told = new ArrayList<>();
        store.machine().addListener(new VisibleListener() {
            @Override
            public void appended(List<NewChunk> chunks) {
                chunks.forEach(chunk -> told.add(chunk.topicId() + "@"
                        + chunk.chunk().getFirstPosition()
                        + TestStore.payloads(List.of(chunk.chunk()))));
            }

            @Override
            public void deleted(long topicId) {
                told.add("deleted " + topicId);
            }

            @Override
            public void replaced() {
                told.add("replaced");
            }
        });
        store.append(1_000, orders, "a", "b");
        store.append(1_000, orders, "c");
        store.commit(1_000, new Operation.DeleteTopic(orders));
        store.machine().flush();
        assertThat(told).containsExactly(orders + "@1[a, b]", orders + "@3[c]", "deleted " + orders);
    }

    /** Holds the writer up, between what is visible and what comes next, until it is opened. */
    private static final class Gate extends Silent {
        private final Semaphore arrived = new Semaphore(0);
        private final CompletableFuture<Void> opened = new CompletableFuture<>();

        void awaitArrival() throws InterruptedException {
            assertThat(arrived.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        }

        void open() {
            opened.complete(null);
        }

        @Override
        public void appended(List<NewChunk> chunks) {
            arrived.release();
            opened.orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    private static class Silent implements VisibleListener {
        @Override
        public void appended(List<NewChunk> chunks) {}

        @Override
        public void deleted(long topicId) {}

        @Override
        public void replaced() {}
    }
}
