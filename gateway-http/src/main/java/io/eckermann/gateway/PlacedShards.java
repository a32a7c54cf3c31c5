package io.eckermann.gateway;

import io.eckermann.protocol.v1.Consistency;
import io.eckermann.statemachine.TopicIds;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Several shards. The first knows which of them has the topics of a name, and that never changes: so it is remembered. */
public final class PlacedShards implements Shards {
    private static final int KNOWN_MAX = 100_000;

    private final List<Shard> shards;
    private final Shard first;
    private final Executor reads;
    private final ConcurrentHashMap<String, Integer> known = new ConcurrentHashMap<>();

    /** @param reads where the first shard's view is asked */
    public PlacedShards(List<Shard> shards, Executor reads) {
        this.shards = List.copyOf(shards);
        this.first = shards.get(0);
        this.reads = reads;
    }

    @Override
    public List<Shard> all() {
        return shards;
    }

    @Override
    public Shard of(long topicId) {
        return shards.get(TopicIds.shard(topicId));
    }

    @Override
    public @Nullable Shard known(String topic) {
        Integer number = known.get(topic);
        return number == null ? null : shards.get(number);
    }

    @Override
    public CompletableFuture<Shard> at(String topic, Consistency consistency, Deadline deadline) {
        Shard at = known(topic);
        if (at != null) {
            return CompletableFuture.completedFuture(at);
        }
        return CompletableFuture.supplyAsync(() -> look(topic), reads)
                .thenCompose(here -> here != null || consistency == Consistency.LOCAL
                        ? CompletableFuture.completedFuture(here)
                        : first.barrier()
                                .linearizable(deadline.remaining())
                                .thenApplyAsync(fresh -> look(topic), reads))
                .thenApply(found -> found == null ? first : found);
    }

    private @Nullable Shard look(String topic) {
        OptionalInt number = first.view().placement(topic);
        return number.isEmpty() ? null : remember(topic, number.getAsInt());
    }

    private Shard remember(String topic, int number) {
        if (known.size() >= KNOWN_MAX) {
            known.clear();
        }
        known.put(topic, number);
        return shards.get(number);
    }

    @Override
    public CompletableFuture<Integer> place(String topic, OptionalInt wanted, Deadline deadline) {
        Integer placed = known.get(topic);
        if (placed != null) {
            return CompletableFuture.completedFuture(placed);
        }
        return first.writes()
                .submit(new Operation.PlaceTopic(topic, wanted, shards.size()), deadline.remaining())
                .thenApply(result -> {
                    if (result instanceof Result.Refused refused) {
                        throw refused.toException().with("topic", topic);
                    }
                    int number = ((Result.TopicPlaced) result).shard();
                    remember(topic, number);
                    return number;
                });
    }
}
