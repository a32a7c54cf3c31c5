package io.eckermann.client;

import io.eckermann.client.transport.FailedException;
import io.eckermann.client.transport.Failure;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** The transport's failures as the API's exceptions. */
final class Failures {
    private Failures() {}

    static EckermannException exception(Failure failure) {
        return switch (kind(failure)) {
            case 404 ->
                new EckermannException.NotFound(
                        failure.code(),
                        failure.message(),
                        failure.facts(),
                        failure.retryable(),
                        failure.mayBeDone(),
                        failure.cause());
            case 409 ->
                new EckermannException.Conflict(
                        failure.code(),
                        failure.message(),
                        failure.facts(),
                        failure.retryable(),
                        failure.mayBeDone(),
                        failure.cause());
            case 412 ->
                new EckermannException.ConditionFailed(
                        failure.code(),
                        failure.message(),
                        failure.facts(),
                        failure.retryable(),
                        failure.mayBeDone(),
                        failure.cause());
            case 400 ->
                new EckermannException.Invalid(
                        failure.code(),
                        failure.message(),
                        failure.facts(),
                        failure.retryable(),
                        failure.mayBeDone(),
                        failure.cause());
            case 503 ->
                new EckermannException.Unavailable(
                        failure.code(),
                        failure.message(),
                        failure.facts(),
                        failure.retryable(),
                        failure.mayBeDone(),
                        failure.cause());
            default ->
                new EckermannException(
                        failure.code(),
                        failure.message(),
                        failure.facts(),
                        failure.retryable(),
                        failure.mayBeDone(),
                        failure.cause());
        };
    }

    /** What this side found wrong with what came. */
    static EckermannException exception(StoreException found) {
        Failure failure = Failure.of(found.code(), String.valueOf(found.getMessage()));
        for (Map.Entry<String, String> fact : found.facts().entrySet()) {
            failure = failure.with(fact.getKey(), fact.getValue());
        }
        return exception(failure);
    }

    /** Anything a transport future failed with. */
    static EckermannException exception(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof EckermannException known) {
            return known;
        }
        if (cause instanceof FailedException failed) {
            return exception(failed.failure());
        }
        return exception(Failure.of(cause));
    }

    /** The answer as a value of the API, its failure as an exception of the API. */
    static <R, V> CompletableFuture<V> mapped(CompletableFuture<R> answer, Function<R, V> value) {
        CompletableFuture<V> mapped = new CompletableFuture<>();
        CompletableFuture<R> unused = answer.whenComplete((result, error) -> {
            if (error == null) {
                mapped.complete(value.apply(result));
            } else {
                mapped.completeExceptionally(exception(error));
            }
        });
        return mapped;
    }

    /** The HTTP status that stands for a group of codes: 400, 404, 409, 412, 503; 500 for the rest. */
    private static int kind(Failure failure) {
        for (ErrorCode code : ErrorCode.values()) {
            if (failure.is(code)) {
                return switch (code.httpStatus()) {
                    case 404 -> 404;
                    case 409 -> 409;
                    case 412 -> 412;
                    case 400, 405, 413, 415, 422 -> 400;
                    case 429, 503, 504 -> 503;
                    default -> 500;
                };
            }
        }
        return 500;
    }
}
