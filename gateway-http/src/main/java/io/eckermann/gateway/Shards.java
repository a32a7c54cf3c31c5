package io.eckermann.gateway;

import io.eckermann.protocol.v1.Consistency;
import io.eckermann.statemachine.TopicState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The shards of a cluster as the use cases see them. A topic, with all that belongs to it, is in one of them, and topics of
 * its name always are. Safe from any thread; never blocks
 * unless it says so.
 */
public interface Shards {
    /** All of them, by number. */
    List<Shard> all();

    /** The one that has the topic of this id. */
    Shard of(long topicId);

    /** The one that has topics of this name; null when this must be looked up first. */
    @Nullable
    Shard known(String topic);

    /**
     * The one that has topics of this name. The first stands for those that no shard has: it has no such topic either.
     *
     * @param consistency LOCAL to go by what this node has heard of
     */
    CompletableFuture<Shard> at(String topic, Consistency consistency, Deadline deadline);

    /**
     * The number of the one that has topics of this name; 0 when none has, or when that can't be looked up in time.
     *
     * @param patience how long it may take
     */
    default CompletableFuture<Integer> numberOf(String topic, Duration patience) {
        return at(topic, Consistency.LINEARIZABLE, Deadline.after(patience))
                .handle((found, failure) -> found == null ? 0 : all().indexOf(found));
    }

    /** The topic of this name as this node has it, in whichever shard; may touch the disk. */
    default Optional<TopicState> here(String topic) {
        Shard at = known(topic);
        return (at == null ? all() : List.of(at))
                .stream().flatMap(shard -> shard.view().topic(topic).stream()).findFirst();
    }

    /**
     * Says, once for ever, which shard has topics of this name.
     *
     * @param wanted empty for the one in which the fewest names were placed
     * @return its number; another one than was wanted when that was said before
     */
    CompletableFuture<Integer> place(String topic, OptionalInt wanted, Deadline deadline);
}
