package io.eckermann.gateway.cluster;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.raftlog.CommandLog;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

/**
 * A log that takes nothing which a member could not read: it would have to stop there. Costs one look once the newest format
 * of this version was agreed on, as it is in a cluster of one version. Safe from any thread.
 */
public final class FormatGate implements CommandLog {
    private final CommandLog log;
    private final IntSupplier view;
    private final ToIntFunction<Operation> needs;
    private final int newest;
    /** As last seen; it never falls. */
    private volatile int agreed = CommandCodec.FORMAT_FIRST;

    /**
     * Before a log.
     *
     * @param view what was agreed on
     * @param needs which format a reader of an operation must know
     * @param newest what this version may write
     */
    public FormatGate(CommandLog log, IntSupplier view, ToIntFunction<Operation> needs, int newest) {
        this.log = log;
        this.view = view;
        this.needs = needs;
        this.newest = newest;
    }

    @Override
    public CompletableFuture<Result> submit(Operation operation) {
        if (agreed < newest) {
            agreed = Math.max(agreed, view.getAsInt());
        }
        if (agreed < newest) {
            int needed = needs.applyAsInt(operation);
            if (needed > agreed) {
                return CompletableFuture.failedFuture(new StoreException(
                                ErrorCode.UPGRADE_UNFINISHED,
                                "Not all nodes of the cluster know this yet: it is possible once the last one has been"
                                        + " upgraded.")
                        .with("needed_format", needed)
                        .with("agreed_format", agreed));
            }
        }
        return log.submit(operation);
    }

    @Override
    public Leadership leadership() {
        return log.leadership();
    }

    @Override
    public CompletableFuture<Void> linearizable() {
        return log.linearizable();
    }

    @Override
    public long payloadBytes() {
        return log.payloadBytes();
    }
}
