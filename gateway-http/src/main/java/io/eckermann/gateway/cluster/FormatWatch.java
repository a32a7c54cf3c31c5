package io.eckermann.gateway.cluster;

import io.eckermann.gateway.Shard;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a shard's leader let commands need a later format, once every member knows it: after the last node of a rolling upgrade
 * has come back. {@link #look} is called by a timer.
 */
public final class FormatWatch {
    private static final Logger LOG = LoggerFactory.getLogger(FormatWatch.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Shard shard;
    private final Supplier<Leadership> leadership;
    private final IntSupplier known;
    private final Executor reads;
    /** As last seen. */
    private volatile int agreed = CommandCodec.FORMAT_FIRST;

    private volatile CompletableFuture<?> underWay = CompletableFuture.completedFuture(null);

    /**
     * Of one shard.
     *
     * @param known up to which format all members read commands, as far as they have said so lately
     * @param reads where the view is asked
     */
    public FormatWatch(Shard shard, Supplier<Leadership> leadership, IntSupplier known, Executor reads) {
        this.shard = shard;
        this.leadership = leadership;
        this.known = known;
        this.reads = reads;
    }

    /** Proposes what all know, unless it was agreed on; never blocks. */
    public void look() {
        int all = known.getAsInt();
        if (all <= agreed || !underWay.isDone() || !leads()) {
            return;
        }
        try {
            underWay = CompletableFuture.supplyAsync(() -> shard.view().agreedFormat(), reads)
                    .thenCompose(before -> {
                        agreed = before;
                        return all <= before ? CompletableFuture.completedFuture(null) : raise(all);
                    })
                    .exceptionally(failure -> {
                        LOG.info("The format of commands was not raised, it is tried again: {}", failure.toString());
                        return null;
                    });
        } catch (RejectedExecutionException e) {
            LOG.debug("The node is stopping", e);
        }
    }

    private CompletableFuture<Void> raise(int format) {
        return shard.writes()
                .submit(new Operation.RaiseFormat(format), TIMEOUT)
                .thenAccept(done -> LOG.info("Commands may be of format {} from now on: all nodes know it", format));
    }

    private boolean leads() {
        Leadership now = leadership.get();
        return now.role() == Leadership.Role.LEADER && now.leaderReady();
    }
}
