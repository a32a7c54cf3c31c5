package io.eckermann.raftlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.UnreadableCommandException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatcherTest {
    private static final Batcher.Bounds BOUNDS = new Batcher.Bounds(2, 2, 10_000, 100_000);

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock(1_000);
    private final AtomicBoolean busy = new AtomicBoolean();
    private final ExecutorService completions = Executors.newSingleThreadExecutor();
    private StateMachine state;
    private FakeLog log;
    private Batcher batcher;

    /** Holds entries until the test commits them, and applies them to a real state then. */
    private static final class FakeLog implements Proposer {
        private final StateMachine state;
        private final Deque<ByteString> entries = new ArrayDeque<>();
        private final Deque<CompletableFuture<List<Result>>> futures = new ArrayDeque<>();
        private long index;

        FakeLog(StateMachine state) {
            this.state = state;
        }

        @Override
        public synchronized CompletableFuture<List<Result>> propose(ByteString entry) {
            CompletableFuture<List<Result>> future = new CompletableFuture<>();
            entries.add(entry);
            futures.add(future);
            return future;
        }

        synchronized int waiting() {
            return entries.size();
        }

        synchronized int firstBytes() {
            return entries.element().size();
        }

        synchronized void commitFirst() {
            try {
                List<Result> results = state.apply(new RaftIndex(1, index++), CommandCodec.decode(entries.remove()));
                futures.remove().complete(results);
            } catch (UnreadableCommandException e) {
                throw new AssertionError(e);
            }
        }

        synchronized void failFirst(RuntimeException failure) {
            entries.remove();
            futures.remove().completeExceptionally(failure);
        }
    }

    @BeforeEach
    void open() throws Exception {
        state = StateMachine.open(directory.resolve("state"));
        log = new FakeLog(state);
        batcher = new Batcher(log, clock, busy::get, completions, BOUNDS);
    }

    @AfterEach
    void close() throws Exception {
        batcher.close();
        completions.shutdown();
        assertThat(completions.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        state.close();
    }

    @Test
    void whatBreaksOneEntryLeavesTheSlotToTheNext() throws Exception {
        boolean[] broken = {true};
        Proposer breaking = entry -> {
            if (broken[0]) {
                throw new AssertionError("broken, says the test");
            }
            return log.propose(entry);
        };
        try (Batcher other =
                new Batcher(breaking, clock, busy::get, completions, new Batcher.Bounds(1, 1, 10_000, 100_000))) {
            CompletableFuture<Result> first = other.submit(create("a"));
            assertThatThrownBy(() -> done(first)).hasRootCauseMessage("broken, says the test");
            broken[0] = false;
            CompletableFuture<Result> second = other.submit(create("b"));
            assertThat(log.waiting()).isEqualTo(1);
            log.commitFirst();
            assertThat(done(second)).isEqualTo(new Result.TopicCreated(1, true, clock.getAsLong()));
        }
    }

    @Test
    void aLoneOperationIsProposedAtOnce() throws Exception {
        CompletableFuture<Result> created = batcher.submit(create("a"));
        assertThat(log.waiting()).isEqualTo(1);
        assertThat(created).isNotDone();
        log.commitFirst();
        assertThat(done(created)).isEqualTo(new Result.TopicCreated(1, true, clock.getAsLong()));
    }

    @Test
    void operationsCollectWhileAllSlotsAreTakenAndGetTheirOwnResults() throws Exception {
        long a = topic("a");
        long b = topic("b");
        List<CompletableFuture<Result>> futures = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            futures.add(batcher.submit(append(i % 2 == 0 ? a : b, 10)));
        }
        assertThat(log.waiting()).isEqualTo(2);
        log.commitFirst();
        Await.until("the third entry", () -> log.waiting() == 2);
        log.commitFirst();
        log.commitFirst();
        List<Long> positions = new ArrayList<>();
        for (CompletableFuture<Result> future : futures) {
            positions.add(((Result.Appended) done(future)).first());
        }
        assertThat(positions).containsExactly(1L, 1L, 2L, 2L, 3L, 3L, 4L, 4L);
        assertThat(log.waiting()).isZero();
    }

    @Test
    void theLastSlotsAreForEntriesThatAreWellFilled() throws Exception {
        batcher.close();
        batcher = new Batcher(log, clock, busy::get, completions, new Batcher.Bounds(3, 1, 10_000, 100_000));
        long topic = topic("a");
        List<CompletableFuture<Result>> futures = new ArrayList<>();
        futures.add(batcher.submit(append(topic, 10)));
        futures.add(batcher.submit(append(topic, 10)));
        futures.add(batcher.submit(append(topic, 10)));
        assertThat(log.waiting()).as("small ones wait for the first").isEqualTo(1);
        futures.add(batcher.submit(append(topic, 2_500)));
        assertThat(log.waiting()).as("together they are worth a slot").isEqualTo(2);
        futures.add(batcher.submit(append(topic, 10)));
        assertThat(log.waiting()).isEqualTo(2);
        log.commitFirst();
        log.commitFirst();
        Await.until("the last one", () -> log.waiting() == 1);
        log.commitFirst();
        List<Long> positions = new ArrayList<>();
        for (CompletableFuture<Result> future : futures) {
            positions.add(((Result.Appended) done(future)).first());
        }
        assertThat(positions).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void whileProcessorsAreBusySmallEntriesGoOneAfterTheOther() throws Exception {
        long topic = topic("a");
        busy.set(true);
        List<CompletableFuture<Result>> futures = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            futures.add(batcher.submit(append(topic, 10)));
        }
        assertThat(log.waiting()).as("seven wait for the first").isEqualTo(1);
        futures.add(batcher.submit(append(topic, 10)));
        assertThat(log.waiting()).as("eight are worth an entry").isEqualTo(2);
        log.commitFirst();
        log.commitFirst();
        for (CompletableFuture<Result> future : futures) {
            done(future);
        }
    }

    @Test
    void anEntryEndsBeforeItGrowsBeyondItsBound() throws Exception {
        long topic = topic("a");
        fillSlots(topic);
        List<CompletableFuture<Result>> futures = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            futures.add(batcher.submit(append(topic, 4_000)));
        }
        log.commitFirst();
        log.commitFirst();
        for (int entry = 0; entry < 3; entry++) {
            Await.until("another entry", () -> log.waiting() > 0);
            assertThat(log.firstBytes()).isBetween(4_000, 10_000);
            log.commitFirst();
        }
        for (CompletableFuture<Result> future : futures) {
            assertThat(done(future)).isInstanceOf(Result.Appended.class);
        }
    }

    @Test
    void oneOperationMayBeLargerThanAnEntrysBound() throws Exception {
        long topic = topic("a");
        CompletableFuture<Result> future = batcher.submit(append(topic, 50_000));
        log.commitFirst();
        assertThat(done(future)).isInstanceOf(Result.Appended.class);
    }

    @Test
    void tooManyBytesAreRefusedAtOnceAndFitAgainLater() throws Exception {
        long topic = topic("a");
        CompletableFuture<Result> first = batcher.submit(append(topic, 60_000));
        assertRefused(batcher.submit(append(topic, 60_000)), ErrorCode.OVERLOADED);
        log.commitFirst();
        done(first);
        CompletableFuture<Result> again = batcher.submit(append(topic, 60_000));
        log.commitFirst();
        assertThat(done(again)).isInstanceOf(Result.Appended.class);
    }

    @Test
    void aFailedEntryFailsAllItsOperationsEachWithAnExceptionOfItsOwn() throws Exception {
        long topic = topic("a");
        fillSlots(topic);
        CompletableFuture<Result> one = batcher.submit(append(topic, 10));
        CompletableFuture<Result> two = batcher.submit(append(topic, 10));
        log.commitFirst();
        log.commitFirst();
        Await.until("the shared entry", () -> log.waiting() == 1);
        log.failFirst(new StoreException(ErrorCode.LEADER_CHANGED, "gone").with("leader", "n2"));
        assertRefused(one, ErrorCode.LEADER_CHANGED);
        assertRefused(two, ErrorCode.LEADER_CHANGED);
        assertThat(one.handle((result, failure) -> failure).get())
                .isNotSameAs(two.handle((result, failure) -> failure).get());
    }

    @Test
    void theTimeIsReadWhenAnEntryIsMade() throws Exception {
        long topic = topic("a");
        clock.advance(41_000);
        CompletableFuture<Result> future = batcher.submit(append(topic, 10));
        clock.advance(1_000_000);
        log.commitFirst();
        assertThat(((Result.Appended) done(future)).recordedNs()).isEqualTo(42_000);
    }

    @Test
    void entryThatGetsNoTimeIsNotProposedAndItsOperationsAreTold() throws Exception {
        boolean[] jumped = {true};
        LongSupplier jumping = () -> {
            if (jumped[0]) {
                throw new StoreException(ErrorCode.CLOCK_OFF, "jumped, says the test");
            }
            return clock.getAsLong();
        };
        try (Batcher other = new Batcher(log, jumping, busy::get, completions, BOUNDS)) {
            assertRefused(other.submit(create("a")), ErrorCode.CLOCK_OFF);
            assertThat(log.waiting()).isZero();
            jumped[0] = false;
            CompletableFuture<Result> second = other.submit(create("b"));
            log.commitFirst();
            assertThat(done(second)).isInstanceOf(Result.TopicCreated.class);
        }
    }

    @Test
    void closingFailsWhatWasNotProposedAndLetsTheRestEnd() throws Exception {
        long topic = topic("a");
        List<CompletableFuture<Result>> proposed = fillSlots(topic);
        CompletableFuture<Result> queued = batcher.submit(append(topic, 10));
        batcher.close();
        assertRefused(queued, ErrorCode.NOT_READY);
        assertRefused(batcher.submit(append(topic, 10)), ErrorCode.NOT_READY);
        log.commitFirst();
        log.commitFirst();
        for (CompletableFuture<Result> future : proposed) {
            assertThat(done(future)).isInstanceOf(Result.Appended.class);
        }
    }

    @Test
    void operationsOfOneThreadKeepTheirOrderBesideOthers() throws Exception {
        int threads = 4;
        int each = 200;
        List<Long> topics = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            topics.add(topic("t" + i));
        }
        CountDownLatch open = new CountDownLatch(threads);
        List<CompletableFuture<List<Long>>> writers = new ArrayList<>();
        for (long topic : topics) {
            writers.add(CompletableFuture.supplyAsync(
                    () -> {
                        List<CompletableFuture<Result>> futures = new ArrayList<>();
                        for (int i = 0; i < each; i++) {
                            futures.add(batcher.submit(append(topic, 1)));
                        }
                        open.countDown();
                        return futures.stream()
                                .map(f -> ((Result.Appended) f.join()).first())
                                .toList();
                    },
                    task -> new Thread(task, "writer-" + topic).start()));
        }
        Await.until("all to be done", () -> {
            if (log.waiting() > 0) {
                log.commitFirst();
            }
            return writers.stream().allMatch(CompletableFuture::isDone);
        });
        assertThat(open.getCount()).isZero();
        for (CompletableFuture<List<Long>> writer : writers) {
            assertThat(writer.get()).isSorted().hasSize(each).startsWith(1L).endsWith((long) each);
        }
    }

    private List<CompletableFuture<Result>> fillSlots(long topic) {
        List<CompletableFuture<Result>> futures =
                List.of(batcher.submit(append(topic, 10)), batcher.submit(append(topic, 10)));
        assertThat(log.waiting()).isEqualTo(2);
        return futures;
    }

    private long topic(String name) throws Exception {
        CompletableFuture<Result> created = batcher.submit(create(name));
        log.commitFirst();
        return ((Result.TopicCreated) done(created)).topicId();
    }

    private static Operation create(String name) {
        return new Operation.CreateTopic(name, io.eckermann.protocol.v1.TopicSettings.getDefaultInstance());
    }

    /** Of bytes that do not shrink. */
    private static Operation append(long topic, int bytes) {
        byte[] noise = new byte[bytes];
        new Random(bytes).nextBytes(noise);
        ByteString body = ByteString.copyFrom(noise);
        return new Operation.Append(
                topic, 1, Encoding.PLAIN, io.eckermann.protocol.EventsCodec.crc32c(body), body, null);
    }

    private static Result done(CompletableFuture<Result> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static void assertRefused(CompletableFuture<Result> future, ErrorCode code) {
        assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS))
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(StoreException.class))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
