package io.eckermann.gateway;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TopicState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Questions to shards' states on this node, as fresh as the caller wants. */
public final class ShardReads {
    private final Shards shards;
    private final Executor reads;

    /** @param reads where views are asked, as they may touch the disk */
    public ShardReads(Shards shards, Executor reads) {
        this.shards = shards;
        this.reads = reads;
    }

    /** Asks the shard that has topics of this name. */
    public <T> CompletableFuture<T> read(
            String topic, Consistency consistency, Deadline deadline, Function<ReadView, T> question) {
        requireKnown(consistency);
        Shard known = shards.known(topic);
        return known != null
                ? read(known, consistency, deadline, question)
                : shards.at(topic, consistency, deadline)
                        .thenCompose(shard -> read(shard, consistency, deadline, question));
    }

    /** Asks all shards; the answers come by the shards' numbers. */
    public <T> CompletableFuture<List<T>> readAll(
            Consistency consistency, Deadline deadline, Function<ReadView, T> question) {
        requireKnown(consistency);
        List<CompletableFuture<T>> asked = shards.all().stream()
                .map(shard -> read(shard, consistency, deadline, question))
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(all -> asked.stream().map(CompletableFuture::join).toList());
    }

    /** Asks the shard of a topic, or all of them when none is named. */
    public <T> CompletableFuture<List<T>> readSome(
            String topicOrNone, Consistency consistency, Deadline deadline, Function<ReadView, T> question) {
        return topicOrNone.isEmpty()
                ? readAll(consistency, deadline, question)
                : read(topicOrNone, consistency, deadline, question).thenApply(List::of);
    }

    private <T> CompletableFuture<T> read(
            Shard shard, Consistency consistency, Deadline deadline, Function<ReadView, T> question) {
        return consistency == Consistency.LOCAL
                ? CompletableFuture.supplyAsync(() -> question.apply(shard.view()), reads)
                : shard.barrier()
                        .linearizable(deadline.remaining())
                        .thenApplyAsync(fresh -> question.apply(shard.view()), reads);
    }

    private static void requireKnown(Consistency consistency) {
        if (consistency == Consistency.UNRECOGNIZED) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "No such consistency: use LINEARIZABLE or LOCAL.")
                    .with("field", "consistency");
        }
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
