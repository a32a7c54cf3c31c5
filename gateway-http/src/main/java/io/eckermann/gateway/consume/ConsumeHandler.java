package io.eckermann.gateway.consume;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.cursors.CursorHandler;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.GetCursorRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Opens consumptions. Safe from any thread; never blocks the caller. */
public final class ConsumeHandler {
    private final ReadHandler reads;
    private final CursorHandler cursors;

    public ConsumeHandler(ReadHandler reads, CursorHandler cursors) {
        this.reads = reads;
        this.cursors = cursors;
    }

    /**
     * Finds out where the consumer's cursor is.
     *
     * @param timeout for that, and for each step that follows
     */
    public CompletableFuture<Consumption> open(ConsumeStart start, Duration timeout) {
        return Failures.guarded(() -> {
            GetCursorRequest request = GetCursorRequest.newBuilder()
                    .setTopic(Names.topic(start.topic()))
                    .setConsumer(Names.consumer(start.consumer()))
                    .build();
            Deadline deadline = Deadline.after(timeout);
            return cursors.get(request, deadline.remaining())
                    .thenApply(Cursor::getPosition)
                    .exceptionally(ConsumeHandler::noneYet)
                    .thenApply(cursor -> new Consumption(reads, cursors, start, cursor, timeout));
        });
    }

    /** A consumer without a cursor is one that committed nothing yet. */
    private static long noneYet(Throwable failure) {
        StoreException known = Failures.storeException(failure);
        if (known.code() == ErrorCode.CURSOR_NOT_FOUND) {
            return 0;
        }
        throw known;
    }
}
