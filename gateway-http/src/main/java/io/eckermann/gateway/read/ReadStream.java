package io.eckermann.gateway.read;

import io.eckermann.protocol.v1.ReadFrame;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An open read. It is pulled: nothing is read ahead of {@link #next}, so a slow reader holds no memory and keeps nobody
 * waiting. Used by one caller at a time: the next call comes after the last future completed.
 */
public interface ReadStream extends AutoCloseable {
    /**
     * The next frame: first ReadStarted, then events or chunks, CaughtUp where the protocol says; empty at the end.
     * When following without news it completes with a Heartbeat after the request's interval. Fails with a
     * StoreException, e.g. TOPIC_NOT_FOUND when the topic was deleted meanwhile, DATA_CORRUPT; the stream is over then.
     */
    CompletableFuture<Optional<ReadFrame>> next();

    /** Counts what a reader does not take, until it is over: for who sends this to one that may be slow. Called once. */
    default Untaken untaken() {
        return Untaken.NONE;
    }

    /** Ends the read; a pending {@link #next} completes empty. From any thread, any number of times. */
    @Override
    void close();
}
