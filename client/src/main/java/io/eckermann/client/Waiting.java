package io.eckermann.client;

import io.eckermann.protocol.v1.AppendResponse;
import java.util.concurrent.CompletableFuture;

/** Who waits for some events of a batch, in the batch's order: the very future that the caller holds. */
interface Waiting {
    /** How many events, side by side, all recorded or none. */
    int events();

    /**
     * The batch was recorded.
     *
     * @param before how many of its events come before these
     */
    void recorded(AppendResponse batch, int before);

    CompletableFuture<?> future();
}
