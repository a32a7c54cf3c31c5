package io.eckermann.bench.micro;

import io.eckermann.raftlog.Batcher;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Appends of one event of 1 KiB through the leader's batcher, until all are answered. The log behind it commits at once,
 * on a thread of its own: what is left is batching, encoding, two changes of threads, and the replies.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BatcherBench {
    private static final Result APPENDED = new Result.Appended(1, 1, 1, 1, false);
    private static final List<Result> RESULTS = Collections.nCopies(1 << 16, APPENDED);

    /** How many are submitted before the first is waited for. */
    @Param({"1", "64", "1024"})
    public int appends;

    private final List<Operation.Append> operations = new ArrayList<>();
    private final ExecutorService log = Executors.newSingleThreadExecutor();
    private final ExecutorService completions = Executors.newSingleThreadExecutor();
    private final CompletableFuture<?>[] answers = new CompletableFuture<?>[1024];
    private final Batcher batcher = new Batcher(entry -> commit(), () -> 1, completions, Batcher.Bounds.DEFAULT);
    private long entries;

    /** How many entries were made of the appends: fewer are better. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counted {
        public long entries;
        public long appended;
    }

    /** Makes the appends. */
    @Setup
    public void make() {
        for (int i = 0; i < appends; i++) {
            operations.add(Batch.append(1, Batch.events("random", 1, 1024)));
        }
    }

    /** Ends its threads. */
    @TearDown
    public void stop() {
        batcher.close();
        log.shutdownNow();
        completions.shutdownNow();
    }

    /** All of them, from the first submit to the last answer. */
    @Benchmark
    public int submitAndAwait(Counted counted) {
        long before = entries;
        for (int i = 0; i < appends; i++) {
            answers[i] = batcher.submit(operations.get(i));
        }
        for (int i = 0; i < appends; i++) {
            answers[i].join();
        }
        counted.entries += entries - before;
        counted.appended += appends;
        return appends;
    }

    /** Entries come one after the other, so their count needs no lock; the answers order it before the reads. */
    private CompletableFuture<List<Result>> commit() {
        entries++;
        return CompletableFuture.supplyAsync(() -> RESULTS, log);
    }
}
