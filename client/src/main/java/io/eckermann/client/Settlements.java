package io.eckermann.client;

import io.eckermann.client.transport.Failure;
import io.eckermann.protocol.v1.AppendResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * Tells those who wait for a lane's batches what became of them, in the order in which this is called and on other threads,
 * and gives back the room that the batches took. Thread safe.
 */
final class Settlements {
    private final Budget budget;
    private final InOrder completions;

    Settlements(Budget budget, Executor workers) {
        this.budget = budget;
        this.completions = new InOrder(workers);
    }

    /** The server took its number: it is recorded, or refused for good. */
    void answered(Batch batch, AppendResult result) {
        if (result.hasAppended()) {
            budget.give(batch.bytes());
            completions.execute(() -> batch.complete(result.getAppended()));
        } else {
            failed(batch, Failure.of(result.getProblem()));
        }
    }

    void failed(Batch batch, Failure failure) {
        budget.give(batch.bytes());
        tell(batch, failure);
    }

    /** It goes on, and goes on taking room. */
    void tell(Batch batch, Failure failure) {
        completions.execute(() -> batch.fail(failure));
    }

    /** Nobody waits for it any more. */
    void forget(Batch batch) {
        budget.give(batch.bytes());
    }

    /** Whether this thread is telling somebody. */
    boolean isTelling() {
        return completions.isRunning();
    }

    /** Completes when all who wait for these have been told. */
    CompletableFuture<Void> behind(Stream<Batch> batches) {
        return completions.behind(batches.map(Batch::settled));
    }
}
