package io.eckermann.gateway.topics;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.Shard;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the leader drop truncated events from the index of types, keys and tags: in small steps, so that appends between
 * them wait for little. Which rows go is decided where a step is applied. {@link #look} is called by a timer.
 */
public final class IndexWatch {
    private static final Logger LOG = LoggerFactory.getLogger(IndexWatch.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Takes some milliseconds of the thread that applies. */
    private static final int STEPS_MAX = 4_096;

    private static final long PAUSE_MS = 20;

    private final Shard shard;
    private final LeaderTurn turn;
    private final Executor reads;

    /** @param reads where the view is asked; it refuses nothing */
    public IndexWatch(Shard shard, Supplier<Leadership> leadership, Executor reads) {
        this.shard = shard;
        this.turn = new LeaderTurn(leadership);
        this.reads = reads;
    }

    /** Begins to drop what should not be there, unless the last time is not over yet; never blocks. */
    public void look() {
        if (!turn.begin()) {
            return;
        }
        try {
            reads.execute(() -> {
                try {
                    tidy(new ArrayDeque<>(shard.view().withUntidyIndex()), ByteString.EMPTY);
                } catch (RuntimeException e) {
                    ended(e);
                }
            });
        } catch (RejectedExecutionException e) {
            turn.end();
        }
    }

    /** @param from where in the index of the first of these topics */
    private void tidy(Queue<TopicState> topics, ByteString from) {
        TopicState topic = topics.peek();
        if (topic == null || !turn.leads()) {
            turn.end();
            return;
        }
        CompletableFuture<?> unused = shard.writes()
                .submit(new Operation.TidyIndex(topic.id(), topic.first(), from, STEPS_MAX), TIMEOUT)
                .whenCompleteAsync(
                        (result, failure) -> {
                            if (failure != null) {
                                ended(failure);
                            } else {
                                tidy(topics, next(topics, result));
                            }
                        },
                        CompletableFuture.delayedExecutor(PAUSE_MS, TimeUnit.MILLISECONDS, reads));
    }

    /** Goes on to the next topic when this one is done, or gone. */
    private static ByteString next(Queue<TopicState> topics, Result result) {
        ByteString next = result instanceof Result.IndexTidied tidied ? tidied.next() : ByteString.EMPTY;
        if (next.isEmpty()) {
            topics.remove();
        }
        return next;
    }

    private void ended(Throwable failure) {
        LOG.info("Truncated events were not all dropped from the index, it is tried again: {}", failure.toString());
        turn.end();
    }
}
