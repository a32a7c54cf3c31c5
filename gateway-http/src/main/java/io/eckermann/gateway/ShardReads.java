package io.eckermann.gateway;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TopicState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Questions to a shard's state on this node, as fresh as the caller wants. */
public final class ShardReads {
    private final Shard shard;
    private final Executor reads;

    /** @param reads where the view is asked, as it may touch the disk */
    public ShardReads(Shard shard, Executor reads) {
        this.shard = shard;
        this.reads = reads;
    }

    public <T> CompletableFuture<T> read(Consistency consistency, Deadline deadline, Function<ReadView, T> question) {
        if (consistency == Consistency.LOCAL) {
            return CompletableFuture.supplyAsync(() -> question.apply(shard.view()), reads);
        }
        if (consistency == Consistency.LINEARIZABLE) {
            return shard.barrier()
                    .linearizable(deadline.remaining())
                    .thenApplyAsync(fresh -> question.apply(shard.view()), reads);
        }
        throw new StoreException(ErrorCode.BAD_REQUEST, "No such consistency: use LINEARIZABLE or LOCAL.")
                .with("field", "consistency");
    }

    /**
     * The topic of this name.
     *
     * @throws StoreException TOPIC_NOT_FOUND
     */
    public static TopicState topic(ReadView view, String name) {
        return view.topic(name).orElseThrow(() -> topicNotFound(name));
    }

    public static StoreException topicNotFound(String name) {
        return new StoreException(ErrorCode.TOPIC_NOT_FOUND, "No such topic: create it first, or check its name.")
                .with("topic", name);
    }
}
