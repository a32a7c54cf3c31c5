package io.eckermann.gateway;

import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The way of a write to the shard's leader, wherever that is. */
public interface WriteRoute {
    /**
     * Submits the operation here when this node leads, or hands it on to the node that does; waits for a leader to
     * appear as long as the timeout allows. An append with a producer's sequence is submitted once more when its leader was
     * lost. Submissions of one thread keep their order while the leader stays the same.
     *
     * @return fails with a {@link io.eckermann.protocol.StoreException} as {@code CommandLog.submit} does; when the
     *     time is up, with COMMIT_TIMED_OUT if it was proposed, else NO_LEADER
     */
    CompletableFuture<Result> submit(Operation operation, Duration timeout);
}
