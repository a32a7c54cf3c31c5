package io.eckermann.raftlog;

import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.util.concurrent.CompletableFuture;

/** The replicated log of one shard, as this node takes part in it. All methods may be called from any thread. */
public interface CommandLog {
    /**
     * Proposes an operation on this node's leader role. The future completes once it is fsynced on a majority and
     * applied here, never before. Appends that one thread submits for one topic are applied in that order; another
     * operation that is submitted before an append is answered may come after it.
     *
     * <p>It fails with a {@link io.eckermann.protocol.StoreException}: NOT_LEADER, NO_LEADER, OVERLOADED, DISK_FULL,
     * CLOCK_OFF, NOT_READY (not done); LEADER_CHANGED, COMMIT_TIMED_OUT (unknown). A refusal at apply is not a failure
     * but a {@link Result.Refused}. Continuations should be light: they run on a thread that completes others too.
     */
    CompletableFuture<Result> submit(Operation operation);

    /** What this node knows of the group now. */
    Leadership leadership();

    /**
     * Completes once this node has applied every write that was acknowledged anywhere before the call; works on any
     * node (ReadIndex, Raft thesis section 6.4). Fails with NO_LEADER.
     */
    CompletableFuture<Void> linearizable();

    /** Bytes of bodies in the entries that came into the log, and were applied, since it was started. */
    default long payloadBytes() {
        return 0;
    }
}
