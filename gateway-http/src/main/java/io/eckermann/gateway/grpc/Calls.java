package io.eckermann.gateway.grpc;

import io.eckermann.gateway.Failures;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What the calls of all services have in common. */
final class Calls {
    private static final Duration TIMEOUT_USUAL = Duration.ofSeconds(10);

    private Calls() {}

    /** What the current call's deadline leaves, or the usual when it has none. */
    static Duration timeout() {
        io.grpc.Deadline deadline = Context.current().getDeadline();
        return deadline == null
                ? TIMEOUT_USUAL
                : Duration.ofNanos(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
    }

    /** What one step of a long call may take: the usual, or less when its deadline is sooner. */
    static Duration stepTimeout() {
        Duration left = timeout();
        return left.compareTo(TIMEOUT_USUAL) < 0 ? left : TIMEOUT_USUAL;
    }

    /** Answers a call of one request and one response. */
    static <T> void answer(StreamObserver<T> observer, Function<Duration, CompletableFuture<T>> useCase) {
        ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) observer;
        CompletableFuture<T> answer = useCase.apply(timeout());
        // With a handler, answering a call that was cancelled is not an error; who gives something away is told of it.
        call.setOnCancelHandler(() -> answer.cancel(false));
        CompletableFuture<?> unused = answer.whenComplete((response, failure) -> {
            if (call.isCancelled()) {
                return;
            }
            if (failure == null) {
                call.onNext(response);
                call.onCompleted();
            } else {
                call.onError(GrpcErrors.toStatus(Failures.storeException(failure)));
            }
        });
    }
}
