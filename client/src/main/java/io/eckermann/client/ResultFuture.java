package io.eckermann.client;

import io.eckermann.protocol.v1.AppendResponse;
import java.util.concurrent.CompletableFuture;

/** Waits for all that is to be known of one append. */
final class ResultFuture extends CompletableFuture<AppendResult> implements Waiting {
    private final int events;

    ResultFuture(int events) {
        this.events = events;
    }

    @Override
    public int events() {
        return events;
    }

    @Override
    public void recorded(AppendResponse batch, int before) {
        long first = batch.getFirst() + before;
        long last = first + events - 1;
        // What shares the batch and lies behind these came after them: the head was theirs in between.
        long head = last == batch.getLast() ? batch.getHead() : last;
        complete(new AppendResult(first, last, head, batch.getRecordedNs() + before, batch.getDuplicate()));
    }

    @Override
    public CompletableFuture<?> future() {
        return this;
    }
}
