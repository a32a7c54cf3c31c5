package io.eckermann.gateway.node;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.raftlog.CommandLog;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Stands for the log until it is started, so that the doors can open, and answer, before. Safe from any thread. */
final class LateLog implements CommandLog {
    private static final Leadership STARTING = new Leadership(Leadership.Role.STARTING, 0, null, false, -1, -1, -1);

    private volatile @Nullable CommandLog log;

    void started(CommandLog started) {
        log = started;
    }

    @Override
    public CompletableFuture<Result> submit(Operation operation) {
        CommandLog started = log;
        return started == null ? CompletableFuture.failedFuture(notReady()) : started.submit(operation);
    }

    @Override
    public Leadership leadership() {
        CommandLog started = log;
        return started == null ? STARTING : started.leadership();
    }

    @Override
    public CompletableFuture<Void> linearizable() {
        CommandLog started = log;
        return started == null ? CompletableFuture.failedFuture(notReady()) : started.linearizable();
    }

    @Override
    public long payloadBytes() {
        CommandLog started = log;
        return started == null ? 0 : started.payloadBytes();
    }

    private static StoreException notReady() {
        return new StoreException(ErrorCode.NOT_READY, "The node is starting; try again shortly.");
    }
}
