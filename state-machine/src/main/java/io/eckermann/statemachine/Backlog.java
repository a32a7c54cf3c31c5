package io.eckermann.statemachine;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.storage.StoreBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What is applied and not visible yet. The apply thread changes rows in memory; a writer thread takes all that has
 * collected and puts it into the store as one batch: the more there is to do, the less an entry costs. Bounded: when the
 * store does not keep up, apply waits.
 *
 * <p>Threads: {@link #begin}, {@link #add}, {@link #end} and {@link #replace} belong to the apply thread; the rest is
 * safe from any.
 */
final class Backlog {
    /** Rows in memory, and bodies that listeners will be shown. */
    private static final long BYTES_MAX = 32L << 20;

    private static final int ENTRIES_MAX = 16_384;
    private static final long LOG_POLL_NS_MIN = 50_000;
    private static final long LOG_POLL_NS_MAX = 1_000_000;
    private static final CompletableFuture<Void> VISIBLE = CompletableFuture.completedFuture(null);

    /** Is told of what the writer thread did, on that thread. */
    interface Outcome {
        /** The run is in the store. */
        void visible(AppliedRun run);

        /** Nothing more will be written. */
        void failed(StorageFailure failure);
    }

    private record Waiter(long index, long serial, CompletableFuture<Void> future) {}

    private final Outcome outcome;
    private final Thread writer;

    /** Held while an entry is applied, and by the writer while it seals. */
    private final ReentrantLock applying = new ReentrantLock();
    // Changed under that lock.
    private volatile StoreBatch batch;
    private AppliedRun open = new AppliedRun();
    private volatile long openBytes;
    private volatile int openEntries;
    private volatile boolean openMarked;

    // Set under that lock when null, taken away by the writer.
    private volatile @Nullable AppliedRun sealed;
    private volatile long sealedBytes;

    /** The writer looks for something to do. */
    private volatile boolean idle;

    private volatile boolean closing;
    private volatile RaftIndex visible;
    private volatile LongPredicate isLogged = index -> true;

    /** Held while the store is written. */
    private final ReentrantLock writing = new ReentrantLock(true);

    /** Whoever waits for the writer waits on this. */
    private final Object progress = new Object();
    // Guarded by it.
    private final NavigableSet<Waiter> waiters =
            new TreeSet<>(Comparator.comparingLong(Waiter::index).thenComparingLong(Waiter::serial));
    private long waited;
    private volatile long announced;
    private volatile boolean ended;
    private volatile @Nullable StorageFailure failure;

    Backlog(StoreBatch batch, RaftIndex visible, Outcome outcome) {
        this.batch = batch;
        this.visible = visible;
        this.announced = visible.index();
        this.outcome = outcome;
        this.writer = new Thread(this::write, "state-writer");
        writer.setDaemon(true);
    }

    void start() {
        writer.start();
    }

    /** The writer waits until this is true of an entry before it writes what that entry changed. */
    void writeOnly(LongPredicate logged) {
        isLogged = logged;
    }

    RaftIndex visible() {
        return visible;
    }

    // The apply thread.

    /** Begins an entry once there is room; returns where its changes go. {@link #end} must follow. */
    StoreBatch begin() {
        if (isFull()) {
            await(() -> !isFull());
        }
        applying.lock();
        StorageFailure failed = failure;
        if (failed != null || ended) {
            applying.unlock();
            throw failed == null ? new IllegalStateException("The state machine is closed.") : again(failed);
        }
        return batch;
    }

    /** Takes the entry in, when all it does is in the batch. */
    void add(RaftIndex at, CommandApplier applier) {
        open.add(at, applier);
        openBytes = batch.openBytes() + open.bodyBytes();
        openEntries = open.entries();
        openMarked = open.marked();
    }

    /** Ends the entry; hands over to the writer if that has nothing to do. */
    void end() {
        boolean handedOver = idle && handOver();
        applying.unlock();
        // The writer may have found the lock taken just now, and gone to sleep.
        if (handedOver || idle) {
            LockSupport.unpark(writer);
        }
    }

    private boolean handOver() {
        if (sealed != null || open.entries() == 0 || failure != null) {
            return false;
        }
        idle = false;
        batch.seal(open.last());
        sealedBytes = openBytes;
        openBytes = 0;
        openEntries = 0;
        openMarked = false;
        sealed = open;
        open = new AppliedRun();
        return true;
    }

    /** Whether the next entry has to wait: there is too much, or the state is to be looked at as it is before it. */
    private boolean isFull() {
        return openMarked || openBytes + sealedBytes >= BYTES_MAX || openEntries >= ENTRIES_MAX;
    }

    /** Goes on with another store that holds everything up to there. Drain first. */
    void replace(StoreBatch other, RaftIndex at) {
        applying.lock();
        try {
            batch = other;
            visible = at;
        } finally {
            applying.unlock();
        }
        announce(at);
    }

    // Any thread.

    /** Waits until the entry is visible and whoever listens has been told. */
    void drain(long index) {
        await(() -> announced >= index);
        StorageFailure failed = failure;
        if (failed != null) {
            throw again(failed);
        }
        if (announced < index) {
            throw new IllegalStateException("The state machine is closed.");
        }
    }

    /** Waits until the writer has made it so, or there is none any more. */
    private void await(BooleanSupplier done) {
        boolean interrupted = false;
        synchronized (progress) {
            while (!done.getAsBoolean() && failure == null && !ended) {
                try {
                    progress.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        restore(interrupted);
    }

    /** Acts while nothing is written, and returns what is visible meanwhile. */
    RaftIndex pauseWriting(Runnable act) {
        writing.lock();
        try {
            act.run();
            return visible;
        } finally {
            writing.unlock();
        }
    }

    /** Completes when the entry is visible; see {@link StateMachine#whenVisible}. */
    CompletableFuture<Void> whenVisible(long index) {
        if (visible.index() >= index) {
            return VISIBLE;
        }
        Waiter waiter;
        synchronized (progress) {
            if (announced >= index) {
                return VISIBLE;
            }
            StorageFailure failed = failure;
            if (failed != null || ended) {
                return CompletableFuture.failedFuture(failed == null ? stopped() : again(failed));
            }
            waiter = new Waiter(index, waited++, new CompletableFuture<>());
            waiters.add(waiter);
        }
        // Whoever gives up, by failing the future, is not kept until the entry is visible.
        CompletableFuture<?> unused = waiter.future().whenComplete((nothing, given) -> {
            if (given != null) {
                forget(waiter);
            }
        });
        return waiter.future();
    }

    private void forget(Waiter waiter) {
        synchronized (progress) {
            waiters.remove(waiter);
        }
    }

    /** How many wait for an entry to become visible. */
    int waiting() {
        synchronized (progress) {
            return waiters.size();
        }
    }

    /** After this nothing more is written or begun; what waits fails. */
    void fail(StorageFailure cause) {
        List<Waiter> lost;
        synchronized (progress) {
            if (failure == null) {
                failure = cause;
            }
            lost = List.copyOf(waiters);
            waiters.clear();
            progress.notifyAll();
        }
        lost.forEach(waiter -> waiter.future().completeExceptionally(again(cause)));
    }

    boolean isFailed() {
        return failure != null;
    }

    /** Writes what is left, so far as the log holds it, and stops the writer. Nothing is applied meanwhile. */
    void close() {
        closing = true;
        LockSupport.unpark(writer);
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        restore(interrupted);
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // The writer thread.

    private void write() {
        try {
            AppliedRun run = next();
            while (run != null) {
                write(run);
                outcome.visible(run);
                announce(run.last());
                run = next();
            }
        } catch (Throwable e) {
            // Not to go on: whatever it is, the state can't be written any more.
            StorageFailure cause = e instanceof StorageFailure known
                    ? known
                    : new StorageFailure("The state could not be written.", e);
            fail(cause);
            outcome.failed(cause);
        } finally {
            end(stopped());
        }
    }

    private void write(AppliedRun run) {
        writing.lock();
        try {
            batch.write();
            visible = run.last();
        } finally {
            writing.unlock();
        }
        sealedBytes = 0;
        sealed = null;
    }

    /** The next run to write, once the log holds it; null when there will be none. */
    private @Nullable AppliedRun next() {
        AppliedRun run = take();
        while (run == null) {
            if (closing) {
                return null;
            }
            LockSupport.park(this);
            run = take();
        }
        return isInLog(run.last().index()) ? run : null;
    }

    private @Nullable AppliedRun take() {
        if (sealed == null) {
            idle = true;
            if (applying.tryLock()) {
                try {
                    handOver();
                } finally {
                    applying.unlock();
                }
            }
        }
        return sealed;
    }

    private boolean isInLog(long index) {
        long pollNs = LOG_POLL_NS_MIN;
        while (!isLogged.test(index)) {
            if (closing || failure != null) {
                return false;
            }
            LockSupport.parkNanos(this, pollNs);
            pollNs = Math.min(2 * pollNs, LOG_POLL_NS_MAX);
        }
        return true;
    }

    private void announce(RaftIndex at) {
        List<Waiter> done = new ArrayList<>();
        synchronized (progress) {
            announced = at.index();
            while (!waiters.isEmpty() && waiters.first().index() <= announced) {
                done.add(Objects.requireNonNull(waiters.pollFirst()));
            }
            progress.notifyAll();
        }
        done.forEach(waiter -> waiter.future().complete(null));
    }

    private void end(StoreException reason) {
        List<Waiter> lost;
        synchronized (progress) {
            ended = true;
            lost = List.copyOf(waiters);
            waiters.clear();
            progress.notifyAll();
        }
        lost.forEach(waiter -> waiter.future().completeExceptionally(reason));
    }

    private static StoreException stopped() {
        return new StoreException(ErrorCode.NOT_READY, "This node is stopping: ask another one.");
    }

    private static StorageFailure again(StorageFailure cause) {
        return new StorageFailure("The state failed before: restart the node.", cause);
    }
}
