package io.eckermann.gateway.peers;

import io.eckermann.gateway.ReadBarrier;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.raftlog.CommandLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The log's barrier, tried again until the time is up. Safe from any thread. */
public final class LogBarrier implements ReadBarrier {
    private static final long PAUSE_MS = 50;

    private final CommandLog log;
    private final ScheduledExecutorService timer;

    public LogBarrier(CommandLog log, ScheduledExecutorService timer) {
        this.log = log;
        this.timer = timer;
    }

    @Override
    public CompletableFuture<Void> linearizable(Duration timeout) {
        CompletableFuture<Void> passed = new CompletableFuture<>();
        StoreException late = new StoreException(
                ErrorCode.NO_LEADER,
                "No leader could confirm what is current; a majority of nodes must be up, or read with local"
                        + " consistency.");
        try {
            var alarm =
                    timer.schedule(() -> passed.completeExceptionally(late), timeout.toNanos(), TimeUnit.NANOSECONDS);
            attempt(passed);
            return passed.whenComplete((nothing, failure) -> alarm.cancel(false));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(late);
        }
    }

    private void attempt(CompletableFuture<Void> passed) {
        if (!passed.isDone()) {
            var unused = log.linearizable().whenComplete((nothing, failure) -> settled(passed, failure));
        }
    }

    private void settled(CompletableFuture<Void> passed, @Nullable Throwable failure) {
        if (failure == null) {
            passed.complete(null);
            return;
        }
        StoreException known = Problems.unwrap(failure);
        if (known.code().retryable()) {
            try {
                var unused = timer.schedule(() -> attempt(passed), PAUSE_MS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                passed.completeExceptionally(known);
            }
        } else {
            passed.completeExceptionally(known);
        }
    }
}
