package io.eckermann.gateway.node;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spreads the leaders of several shards over the nodes. Each shard has a node that should lead it: the shards go round the
 * members by their ids. When nodes were started, or other nodes are ready than before, and that has been so for a while, a node hands on what it
 * leads and another should, one shard at a time. Then it leaves leaders where they are, until that changes again: so it
 * never undoes what somebody asked for. {@link #look} runs on the timer.
 */
final class LeaderSpread {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderSpread.class);
    private static final int CALM_LOOKS = 3;

    private final String self;
    private final int shards;
    private final Supplier<List<String>> members;
    private final Supplier<Map<String, Long>> ready;
    private final IntPredicate leads;
    private final BiFunction<Integer, String, CompletableFuture<Void>> transfer;

    private Map<String, Long> lastReady = Map.of();
    private int calmLooks;
    private CompletableFuture<Void> handingOn = CompletableFuture.completedFuture(null);
    private volatile boolean settled;
    private volatile boolean held;

    /**
     * @param members the ids of all of them, as of now
     * @param ready those of them that are ready and have room, and when each was started
     * @param leads whether this node leads a shard
     * @param transfer makes a node the leader of a shard that this one leads
     */
    LeaderSpread(
            String self,
            int shards,
            Supplier<List<String>> members,
            Supplier<Map<String, Long>> ready,
            IntPredicate leads,
            BiFunction<Integer, String, CompletableFuture<Void>> transfer) {
        this.self = self;
        this.shards = shards;
        this.members = members;
        this.ready = ready;
        this.leads = leads;
        this.transfer = transfer;
    }

    /** Somebody says where leaders are to be: they stay there, until other nodes are ready. */
    void leaveAlone() {
        settled = true;
    }

    /** Whether leaders stay where they are for now, whatever happens. */
    void hold(boolean whether) {
        held = whether;
    }

    /** Looks once, about every second. */
    void look() {
        if (shards == 1 || held) {
            return;
        }
        Map<String, Long> now = Map.copyOf(ready.get());
        if (!now.equals(lastReady)) {
            lastReady = now;
            calmLooks = 0;
            settled = false;
        } else if (!settled && handingOn.isDone() && ++calmLooks >= CALM_LOOKS) {
            settled = !handOnOne();
        }
    }

    /** Whether there was one. */
    private boolean handOnOne() {
        List<String> order = members.get().stream().sorted().toList();
        for (int shard = 0; shard < shards && !order.isEmpty(); shard++) {
            String to = order.get(shard % order.size());
            if (leads.test(shard) && !to.equals(self) && lastReady.containsKey(to)) {
                int number = shard;
                LOG.info("Handing shard {} on to {}, so that leaders are spread", shard, to);
                handingOn = transfer.apply(shard, to).exceptionally(failure -> {
                    LOG.info("Shard {} was not handed on, it is tried again: {}", number, failure.toString());
                    return null;
                });
                return true;
            }
        }
        return false;
    }
}
