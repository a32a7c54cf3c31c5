package io.eckermann.client;

import io.eckermann.protocol.v1.AppendResponse;
import java.util.concurrent.CompletableFuture;

/** Waits for the position of one event. */
final class PositionFuture extends CompletableFuture<Long> implements Waiting {
    @Override
    public int events() {
        return 1;
    }

    @Override
    public void recorded(AppendResponse batch, int before) {
        complete(batch.getFirst() + before);
    }

    @Override
    public CompletableFuture<?> future() {
        return this;
    }
}
