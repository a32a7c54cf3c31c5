package io.eckermann.gateway.cursors;

import io.eckermann.gateway.Shard;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.DeleteCursorRequest;
import io.eckermann.protocol.v1.DeleteCursorResponse;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.ListCursorsResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Commits and shows cursors. Safe from any thread; never blocks the caller. */
public final class CursorHandler {
    public CursorHandler(Shard shard, Executor reads) {
        throw new AssertionError(shard + " " + reads);
    }

    public CompletableFuture<Cursor> commit(CommitCursorRequest request, Duration timeout) {
        throw new AssertionError(request + " " + timeout);
    }

    public CompletableFuture<Cursor> get(GetCursorRequest request, Duration timeout) {
        throw new AssertionError(request + " " + timeout);
    }

    public CompletableFuture<ListCursorsResponse> list(ListCursorsRequest request, Duration timeout) {
        throw new AssertionError(request + " " + timeout);
    }

    public CompletableFuture<DeleteCursorResponse> delete(DeleteCursorRequest request, Duration timeout) {
        throw new AssertionError(request + " " + timeout);
    }
}
