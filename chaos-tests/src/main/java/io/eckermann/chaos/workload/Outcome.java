package io.eckermann.chaos.workload;

import io.eckermann.chaos.history.Edn;
import io.eckermann.client.EckermannException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What a failed call means, decided here alone: fail when nothing was done and never will be, info when nobody knows.
 *
 * @param type fail or info
 * @param error the code
 */
public record Outcome(String type, String error) {
    static Outcome of(Throwable failure, boolean changesNothing) {
        Throwable cause = cause(failure);
        String code = cause instanceof EckermannException known
                ? known.code()
                : cause.getClass().getSimpleName();
        boolean certain = changesNothing || (cause instanceof EckermannException known && !known.outcomeUnknown());
        return new Outcome(certain ? "fail" : "info", code);
    }

    /** What is below the wrappings of futures. */
    static Throwable cause(Throwable failure) {
        @Nullable Throwable cause = failure;
        Throwable last = failure;
        while (cause instanceof CompletionException || cause instanceof ExecutionException) {
            last = cause;
            cause = cause.getCause();
        }
        return cause == null ? last : cause;
    }

    Map<String, Object> particulars() {
        return Map.of(
                "error", Edn.keyword(error.toLowerCase(java.util.Locale.ROOT).replace('_', '-')));
    }
}
