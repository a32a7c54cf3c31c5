package io.eckermann.raftlog;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.command.CommandBuilder;
import io.eckermann.statemachine.command.CommandBuilder.Built;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.RunCompression;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes few log entries from many operations. An operation that finds a free slot is proposed at once; while all slots
 * are taken, operations collect and share the next entry. The last slots are for entries that are well filled: what costs
 * processor time is the entry, much more than its bytes. While the processors are busy, small entries with few operations
 * go one after the other for the same reason: side by side they would make each other late.
 *
 * <p>Threads: any may submit. Whoever finds a slot free builds and proposes one entry on its own thread, one at a time
 * so that entries keep their order; everything else, and completing the futures, runs on the completions executor.
 */
public final class Batcher implements AutoCloseable {
    /** That many operations are worth a small entry of their own beside another, however busy the processors are. */
    private static final int COMPANY = 8;

    private final Proposer proposer;
    private final LongSupplier clockNs;
    private final BooleanSupplier busy;
    private final Executor completions;
    private final Bounds bounds;

    /** Belongs to whoever is proposing. */
    private final RunCompression compression = new RunCompression();

    private final Object lock = new Object();
    // Guarded by lock.
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private long bytesHeld;
    private long bytesQueued;
    private int entriesInFlight;
    private long entries;
    private long operations;
    private boolean proposing;
    private boolean closed;

    /**
     * What is held at most.
     *
     * @param entriesInFlight proposed and not yet answered
     * @param smallInFlight beyond these only entries of at least a quarter of entryBytes are proposed
     * @param entryBytes an entry is closed before it grows beyond; one operation alone may be larger
     * @param admittedBytes of all operations not yet answered
     */
    public record Bounds(int entriesInFlight, int smallInFlight, int entryBytes, long admittedBytes) {
        /**
         * Few entries in flight keep the queue, and so the latency, short, and still keep the disk busy. One small entry
         * is on its way while the next one fills. An entry with what it is wrapped in stays below 1 MiB: an array just
         * above that takes two regions of the heap.
         */
        public static final Bounds DEFAULT = new Bounds(4, 2, (1 << 20) - (16 << 10), 32L << 20);

        /** The same with another bound on what is admitted. */
        public Bounds admitting(long bytes) {
            return new Bounds(entriesInFlight, smallInFlight, entryBytes, bytes);
        }

        public Bounds {
            if (smallInFlight < 1 || entriesInFlight < smallInFlight || entryBytes < 1 || admittedBytes < entryBytes) {
                throw new IllegalArgumentException("bounds must be positive, and hold at least one entry");
            }
        }
    }

    private record Waiting(Operation operation, CompletableFuture<Result> future) {}

    /**
     * @param clockNs nanoseconds since the epoch, read once for each entry; what it throws fails the entry, unproposed
     * @param completions runs one task at a time, in order
     */
    public Batcher(Proposer proposer, LongSupplier clockNs, Executor completions, Bounds bounds) {
        this(proposer, clockNs, new BusyProcessors(), completions, bounds);
    }

    /** @param busy whether the processors are */
    Batcher(Proposer proposer, LongSupplier clockNs, BooleanSupplier busy, Executor completions, Bounds bounds) {
        this.proposer = proposer;
        this.clockNs = clockNs;
        this.busy = busy;
        this.completions = completions;
        this.bounds = bounds;
    }

    /** As {@link CommandLog#submit}; never blocks on the disk or the network. */
    public CompletableFuture<Result> submit(Operation operation) {
        Waiting waiting = new Waiting(operation, new CompletableFuture<>());
        synchronized (lock) {
            if (closed) {
                return CompletableFuture.failedFuture(stopping());
            }
            if (bytesHeld + operation.sizeBytes() > bounds.admittedBytes()) {
                return CompletableFuture.failedFuture(new StoreException(
                                ErrorCode.OVERLOADED, "Too many bytes are waiting to be committed: try again later.")
                        .with("held_bytes", bytesHeld)
                        .with("limit_bytes", bounds.admittedBytes()));
            }
            bytesHeld += operation.sizeBytes();
            bytesQueued += operation.sizeBytes();
            queue.add(waiting);
        }
        proposeNext();
        return waiting.future();
    }

    /** What it holds now, and has done. */
    public BatcherLoad load() {
        synchronized (lock) {
            return new BatcherLoad(entriesInFlight, queue.size(), bytesHeld, entries, operations);
        }
    }

    /** Proposes one entry if there is a slot for it and something to put into it. */
    private void proposeNext() {
        List<Waiting> batch;
        synchronized (lock) {
            if (proposing || !hasSlot()) {
                return;
            }
            proposing = true;
            entriesInFlight++;
            batch = takeOneEntry();
            entries++;
            operations += batch.size();
        }
        propose(batch);
        boolean more;
        synchronized (lock) {
            proposing = false;
            more = hasSlot();
        }
        if (more) {
            // Not on this thread: a submitter must not end up working for all the others.
            completions.execute(this::proposeNext);
        }
    }

    /** Whether something waits and may be proposed now. */
    private boolean hasSlot() {
        return !queue.isEmpty() && entriesInFlight < slots();
    }

    private int slots() {
        if (4 * bytesQueued >= bounds.entryBytes()) {
            return bounds.entriesInFlight();
        }
        return queue.size() < COMPANY && busy.getAsBoolean() ? 1 : bounds.smallInFlight();
    }

    private List<Waiting> takeOneEntry() {
        List<Waiting> batch = new ArrayList<>();
        long bytes = 0;
        for (Waiting next = queue.peek(); next != null; next = queue.peek()) {
            bytes += next.operation().sizeBytes();
            if (!batch.isEmpty() && bytes > bounds.entryBytes()) {
                break;
            }
            batch.add(queue.remove());
            bytesQueued -= next.operation().sizeBytes();
        }
        return batch;
    }

    private void propose(List<Waiting> batch) {
        CompletableFuture<List<Result>> outcome;
        List<Integer> slots = List.of();
        try {
            CommandBuilder builder = new CommandBuilder(compression);
            batch.forEach(waiting -> builder.add(waiting.operation()));
            Built built = builder.build(clockNs.getAsLong());
            slots = built.slots();
            outcome = proposer.propose(built.bytes());
        } catch (Throwable e) {
            // Also what is no exception: a batch without an outcome would keep its slot, and the others waiting, for
            // ever.
            outcome = CompletableFuture.failedFuture(e);
        }
        List<Integer> places = slots;
        // Never fails by itself: what finish throws would be a bug, and surfaces in the futures it did not complete.
        CompletableFuture<?> unused =
                outcome.whenCompleteAsync((results, failure) -> finish(batch, places, results, failure), completions);
    }

    private void finish(
            List<Waiting> batch, List<Integer> places, @Nullable List<Result> results, @Nullable Throwable failure) {
        synchronized (lock) {
            entriesInFlight--;
            for (Waiting waiting : batch) {
                bytesHeld -= waiting.operation().sizeBytes();
            }
        }
        // The next entry's disk write may begin while these futures' continuations run.
        proposeNext();
        for (int i = 0; i < batch.size(); i++) {
            CompletableFuture<Result> future = batch.get(i).future();
            if (results != null && failure == null) {
                future.complete(results.get(places.get(i)));
            } else {
                future.completeExceptionally(ownCopy(failure));
            }
        }
    }

    /** Each caller gets an exception of its own, to which it may add facts. */
    private static StoreException ownCopy(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof StoreException store) {
            StoreException copy = new StoreException(store.code(), store.getMessage(), store.getCause());
            store.facts().forEach(copy::with);
            return copy;
        }
        return new StoreException(ErrorCode.INTERNAL, "An entry could not be proposed: report this as a bug.", cause);
    }

    private static StoreException stopping() {
        return new StoreException(ErrorCode.NOT_READY, "The node is stopping: try another one.");
    }

    /** Refuses new operations and fails those not yet proposed with NOT_READY; proposed ones keep their outcome. */
    @Override
    public void close() {
        List<Waiting> refused;
        synchronized (lock) {
            closed = true;
            refused = new ArrayList<>(queue);
            queue.clear();
            bytesQueued = 0;
            for (Waiting waiting : refused) {
                bytesHeld -= waiting.operation().sizeBytes();
            }
        }
        refused.forEach(waiting -> waiting.future().completeExceptionally(stopping()));
    }
}
