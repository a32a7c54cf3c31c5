package io.eckermann.gateway.http;

import java.util.concurrent.CompletableFuture;

/**
 * Who waits for an answer.
 *
 * @param gone completes when the client went away: nobody reads the answer any more
 * @param hurried completes when the door closes: whoever waits for news should answer now
 */
record Caller(CompletableFuture<Void> gone, CompletableFuture<Void> hurried) {
    Caller() {
        this(new CompletableFuture<>(), new CompletableFuture<>());
    }

    void whenGone(Runnable act) {
        CompletableFuture<Void> unused = gone.thenRun(act);
    }

    void whenHurried(Runnable act) {
        CompletableFuture<Void> unused = hurried.thenRun(act);
    }
}
