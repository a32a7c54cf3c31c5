package io.eckermann.gateway.read;

import io.eckermann.gateway.access.Principal;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.protocol.v1.ReadFrame;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A read that is given no more than the quota of who reads allows. What may not be given yet waits here: a page at most, as
 * with a reader that is slow itself; what is not events does not wait. As every read it is used by one caller at a time, and
 * closed by anybody.
 */
final class PacedRead implements ReadStream {
    private final ReadStream stream;
    private final Principal reader;
    private final Quotas quotas;
    private final Executor streams;
    private volatile CompletableFuture<Boolean> waiting = CompletableFuture.completedFuture(true);
    private volatile boolean closed;

    /** @param streams where it goes on after it had to wait */
    PacedRead(ReadStream stream, Principal reader, Quotas quotas, Executor streams) {
        this.stream = stream;
        this.reader = reader;
        this.quotas = quotas;
        this.streams = streams;
    }

    @Override
    public CompletableFuture<Optional<ReadFrame>> next() {
        return stream.next().thenCompose(frame -> {
            long bytes = frame.map(ServedReads::bytes).orElse(0L);
            return bytes == 0 ? CompletableFuture.completedFuture(frame) : given(frame, bytes);
        });
    }

    private CompletableFuture<Optional<ReadFrame>> given(Optional<ReadFrame> frame, long bytes) {
        long waitMs = quotas.readWaitMs(reader);
        if (waitMs == 0) {
            quotas.read(reader, bytes);
            return CompletableFuture.completedFuture(frame);
        }
        CompletableFuture<Boolean> wait = new CompletableFuture<>();
        waiting = wait;
        if (closed) {
            wait.complete(true);
        }
        return wait.completeOnTimeout(true, waitMs, TimeUnit.MILLISECONDS)
                .thenComposeAsync(
                        over -> closed ? CompletableFuture.completedFuture(Optional.empty()) : given(frame, bytes),
                        streams);
    }

    @Override
    public void close() {
        closed = true;
        stream.close();
        waiting.complete(true);
    }
}
