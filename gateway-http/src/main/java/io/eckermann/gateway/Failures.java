package io.eckermann.gateway;

import io.eckermann.gateway.calls.Correlation;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes every failure one that a caller can act on. */
public final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** The StoreException inside, or one that stands for it: NOT_READY for a stopped executor, INTERNAL for a bug. */
    public static StoreException storeException(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof CompletionException || cause instanceof ExecutionException)) {
            cause = cause.getCause();
        }
        if (cause instanceof StoreException exception) {
            return exception;
        }
        if (cause instanceof RejectedExecutionException) {
            return new StoreException(ErrorCode.NOT_READY, "This node is stopping: ask another one.");
        }
        LOG.error("A request failed for no reason that a caller could know.", cause);
        return new StoreException(ErrorCode.INTERNAL, "The node failed to answer; its log says why.", cause);
    }

    /** Starts the work; the future fails with a bare StoreException only, also when the work throws at once. */
    public static <T> CompletableFuture<T> guarded(Supplier<CompletableFuture<T>> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            whenDone(work.get(), answer::complete, answer::completeExceptionally);
        } catch (RuntimeException e) {
            answer.completeExceptionally(storeException(e));
        }
        return answer;
    }

    /** Calls one of the two when the future is done, on the thread that completes it, or now. */
    public static <T> void whenDone(
            CompletableFuture<T> future, Consumer<? super T> done, Consumer<StoreException> failed) {
        // The log says whose request it was that fails, on whichever thread that becomes known.
        Correlation call = Correlation.current();
        CompletableFuture<?> unused = future.whenComplete((value, failure) -> {
            if (failure == null) {
                done.accept(value);
            } else {
                failed.accept(call.asked(() -> storeException(failure)));
            }
        });
    }

    /** In how many milliseconds to try again: what the failure says, or about as long as its cause usually lasts. */
    public static long retryAfterMs(StoreException failure) {
        String told = failure.facts().get(StoreException.RETRY_AFTER_MS);
        if (told != null) {
            return Long.parseLong(told);
        }
        return switch (failure.code()) {
            case DISK_FULL, CLOCK_OFF -> 5_000;
            case NOT_READY -> 1_000;
            case NO_LEADER, LEADER_CHANGED -> 250;
            default -> 50;
        };
    }
}
