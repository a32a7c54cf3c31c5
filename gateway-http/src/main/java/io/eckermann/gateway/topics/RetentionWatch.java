package io.eckermann.gateway.topics;

import io.eckermann.gateway.Shard;
import io.eckermann.gateway.cluster.Nanos;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the leader remove what topics' settings do not retain. It only notices that there is something to remove, by its
 * clock; what exactly is decided where the command is applied, by the time in it and the settings of then. A leader whose
 * clock is not to be trusted removes nothing, as it writes nothing. {@link #look} is called by a timer.
 */
public final class RetentionWatch {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionWatch.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Shard shard;
    private final LeaderTurn turn;
    private final Clock clock;
    private final Executor reads;

    /** @param reads where the view is asked */
    public RetentionWatch(Shard shard, Supplier<Leadership> leadership, Clock clock, Executor reads) {
        this.shard = shard;
        this.turn = new LeaderTurn(leadership);
        this.clock = clock;
        this.reads = reads;
    }

    /** Begins to remove what is overdue, unless the last time is not over yet; never blocks. */
    public void look() {
        if (!turn.begin()) {
            return;
        }
        try {
            reads.execute(this::propose);
        } catch (RejectedExecutionException e) {
            turn.end();
        }
    }

    private void propose() {
        List<CompletableFuture<Result>> proposed = new ArrayList<>();
        try {
            for (long topicId : shard.view().overdue(Nanos.of(clock))) {
                proposed.add(shard.writes().submit(new Operation.RetainTopic(topicId), TIMEOUT));
            }
        } catch (RuntimeException e) {
            LOG.warn("What topics need not retain could not be looked up, it is tried again: {}", e.toString());
        }
        CompletableFuture<?> unused = CompletableFuture.allOf(proposed.toArray(CompletableFuture[]::new))
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        LOG.info(
                                "Not all that topics need not retain was removed, it is tried again: {}",
                                failure.toString());
                    }
                    turn.end();
                });
    }
}
