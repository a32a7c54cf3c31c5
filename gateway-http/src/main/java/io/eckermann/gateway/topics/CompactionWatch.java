package io.eckermann.gateway.topics;

import io.eckermann.gateway.Shard;
import io.eckermann.gateway.cluster.Nanos;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.CompactionDue;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the leader look through topics that compact their keys, one after the other, and delete events that others of their
 * keys have followed. {@link #look} is called by a timer.
 */
public final class CompactionWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CompactionWatch.class);

    private final Shard shard;
    private final LeaderTurn turn;
    private final Clock clock;
    private final Plan plan;
    private final Executor reads;

    /**
     * When and how fast.
     *
     * @param minAge younger events stay
     * @param dirtyPercent a topic is looked through when so much of it is new, and a body is written anew when so much of
     *     it is superseded
     * @param bytesPerSecond how much is read
     */
    public record Plan(Duration minAge, int dirtyPercent, long bytesPerSecond) {}

    /** @param reads where the view is asked; it refuses nothing */
    public CompactionWatch(Shard shard, Supplier<Leadership> leadership, Clock clock, Plan plan, Executor reads) {
        this.shard = shard;
        this.turn = new LeaderTurn(leadership);
        this.clock = clock;
        this.plan = plan;
        this.reads = reads;
    }

    /** Begins to look through what is due, unless the last time is not over yet; never blocks. */
    public void look() {
        if (!turn.begin()) {
            return;
        }
        try {
            CompletableFuture<?> unused = CompletableFuture.supplyAsync(this::due, reads)
                    .thenCompose(this::compact)
                    .whenComplete(this::ended);
        } catch (RejectedExecutionException e) {
            turn.end();
        }
    }

    private Queue<CompactionDue> due() {
        long beforeNs = Nanos.of(clock) - plan.minAge().toNanos();
        return new ArrayDeque<>(shard.view().compactionsDue(beforeNs, plan.dirtyPercent()));
    }

    private CompletableFuture<Void> compact(Queue<CompactionDue> due) {
        CompactionDue next = due.poll();
        if (next == null || !turn.leads()) {
            return CompletableFuture.completedFuture(null);
        }
        return new CompactionPass(shard, next, plan, turn::leads, reads).run().thenCompose(done -> compact(due));
    }

    private void ended(@Nullable Void nothing, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.info("Superseded events were not all removed, it is tried again: {}", failure.toString());
        }
        turn.end();
    }
}
