package io.eckermann.statemachine;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.storage.StoreBatch;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What is applied and not visible yet. The apply thread changes rows in memory; a writer thread takes all that has
 * collected and puts it into the store as one batch: the more there is to do, the less an entry costs. While nobody waits
 * for what is new it rests after each batch, so that rows which change with every entry are written once for many.
 * Bounded: when the store does not keep up, apply waits.
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

    /** How long the writer rests at most: a local read, which waits for nothing, may be that much further behind. */
    private static final Duration REST = Duration.ofMillis(25);

    /** With so much to write it does not rest: then an entry costs little already. */
    private static final long REST_BYTES_MAX = 256 << 10;

    /** Is told of what the writer thread did, on that thread. */
    interface Outcome {
        /** Whether somebody waits for what the entry changed. On the apply thread. */
        boolean isAwaited(CommandApplier applied);

        /** The run is in the store. */
        void visible(AppliedRun run);

        /** Nothing more will be written. */
        void failed(StorageFailure failure);
    }

    private final Outcome outcome;
    private final long restNs;
    private final Thread writer;

    /** Held while an entry is applied, and by the writer while it seals. */
    private final ReentrantLock applying = new ReentrantLock();
    // Changed under that lock.
    private volatile StoreBatch batch;
    private AppliedRun open = new AppliedRun();
    private volatile long openBytes;
    private volatile int openEntries;
    private volatile boolean openMarked;
    private volatile boolean openAwaited;

    // Set under that lock when null, taken away by the writer.
    private volatile @Nullable AppliedRun sealed;
    private volatile long sealedBytes;

    /** The writer looks for something to do. */
    private volatile boolean idle;

    /** The writer lets entries collect. */
    private volatile boolean resting;

    /** How many wait for the writer, and not for an entry. */
    private final AtomicInteger pressing = new AtomicInteger();

    private volatile boolean closing;
    private volatile RaftIndex visible;
    private volatile LongPredicate isLogged = index -> true;

    /** Held while the store is written. */
    private final ReentrantLock writing = new ReentrantLock(true);

    private final Waiters waiters;

    /** Whoever waits for the writer, on a thread, waits on this. */
    private final Object progress = new Object();

    private volatile boolean ended;
    private volatile @Nullable StorageFailure failure;

    Backlog(StoreBatch batch, RaftIndex visible, Outcome outcome) {
        this(batch, visible, outcome, REST);
    }

    Backlog(StoreBatch batch, RaftIndex visible, Outcome outcome, Duration rest) {
        this.restNs = rest.toNanos();
        this.batch = batch;
        this.visible = visible;
        this.waiters = new Waiters(visible.index());
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
        openAwaited |= outcome.isAwaited(applier);
    }

    /** Ends the entry; hands over to the writer if that has nothing to do. */
    void end() {
        boolean handedOver = idle && handOver();
        applying.unlock();
        // The writer may have found the lock taken just now, and gone to sleep; or it rests.
        if (handedOver || idle || (resting && isPressed())) {
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
        openAwaited = false;
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
        await(() -> waiters.reached() >= index);
        StorageFailure failed = failure;
        if (failed != null) {
            throw again(failed);
        }
        if (waiters.reached() < index) {
            throw new IllegalStateException("The state machine is closed.");
        }
    }

    /** Waits until the writer has made it so, or there is none any more. */
    private void await(BooleanSupplier done) {
        boolean interrupted = false;
        pressing.incrementAndGet();
        LockSupport.unpark(writer);
        synchronized (progress) {
            while (!done.getAsBoolean() && failure == null && !ended) {
                try {
                    progress.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        pressing.decrementAndGet();
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
        // Before it is announced: listeners may ask.
        if (visible.index() >= index) {
            return VISIBLE;
        }
        CompletableFuture<Void> reached = waiters.waitFor(index);
        if (!reached.isDone()) {
            LockSupport.unpark(writer);
        }
        return reached;
    }

    /** How many wait for an entry to become visible. */
    int waiting() {
        return waiters.count();
    }

    /** After this nothing more is written or begun; what waits fails. */
    void fail(StorageFailure cause) {
        synchronized (progress) {
            if (failure == null) {
                failure = cause;
            }
            progress.notifyAll();
        }
        waiters.end(() -> again(cause));
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
                rest();
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
            stop();
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

    /** Lets entries collect. Who is pressed does not rest; whoever presses it meanwhile ends that. */
    private void rest() {
        resting = true;
        if (!isPressed()) {
            LockSupport.parkNanos(this, restNs);
        }
        resting = false;
    }

    private boolean isPressed() {
        return closing
                || openAwaited
                || openBytes >= REST_BYTES_MAX
                || openEntries >= ENTRIES_MAX
                || pressing.get() > 0
                || waiters.count() > 0;
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
        waiters.reach(at.index());
        synchronized (progress) {
            progress.notifyAll();
        }
    }

    private void stop() {
        synchronized (progress) {
            ended = true;
            progress.notifyAll();
        }
        waiters.end(Backlog::stopped);
    }

    private static StoreException stopped() {
        return new StoreException(ErrorCode.NOT_READY, "This node is stopping: ask another one.");
    }

    private static StorageFailure again(StorageFailure cause) {
        return new StorageFailure("The state failed before: restart the node.", cause);
    }
}
