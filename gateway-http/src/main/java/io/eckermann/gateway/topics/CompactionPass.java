package io.eckermann.gateway.topics;

import io.eckermann.gateway.Shard;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Event;
import io.eckermann.statemachine.CompactionDue;
import io.eckermann.statemachine.StoredChunk;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks through one topic for events that others of their keys have followed, and proposes bodies without them: some
 * chunks at a time, waiting for the outcome and for as long as their bytes may take. Once superseded an event stays so,
 * so nothing has to be judged again at apply. Steps come one after the other; used once.
 */
final class CompactionPass {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int STEP_CHUNKS_MAX = 256;
    private static final int STEP_BYTES_MAX = 1 << 20;
    private static final int ALL_PERCENT = 100;

    private final Shard shard;
    private final CompactionDue due;
    private final CompactionWatch.Plan plan;
    private final BooleanSupplier mayGoOn;
    private final Executor reads;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private long next;
    private long bytesLeft;

    /** @param mayGoOn asked before each step; when it says no, the pass ends and counts for nothing */
    CompactionPass(Shard shard, CompactionDue due, CompactionWatch.Plan plan, BooleanSupplier mayGoOn, Executor reads) {
        this.shard = shard;
        this.due = due;
        this.plan = plan;
        this.mayGoOn = mayGoOn;
        this.reads = reads;
        this.next = due.from();
    }

    /** Ends when all was looked at, or the pass may not go on. */
    CompletableFuture<Void> run() {
        step(reads);
        return ended;
    }

    private void step(Executor when) {
        CompletableFuture<?> unused = CompletableFuture.supplyAsync(this::look, when)
                .thenCompose(this::propose)
                .whenComplete(this::goOn);
    }

    /** What is refused has been truncated, or changed by somebody else: the next pass sees to it. */
    private CompletableFuture<Step> propose(Step step) {
        List<CompletableFuture<Result>> proposed = new ArrayList<>();
        for (Operation operation : step.operations) {
            proposed.add(shard.writes().submit(operation, TIMEOUT));
        }
        return CompletableFuture.allOf(proposed.toArray(CompletableFuture[]::new))
                .thenApply(nothing -> step);
    }

    private void goOn(@Nullable Step step, @Nullable Throwable failure) {
        if (step == null || failure != null) {
            ended.completeExceptionally(failure == null ? new CancellationException() : failure);
        } else if (!mayGoOn.getAsBoolean()) {
            ended.complete(null);
        } else if (next > due.to()) {
            note();
        } else {
            long pauseMs = TimeUnit.SECONDS.toMillis(step.bytes) / plan.bytesPerSecond();
            step(CompletableFuture.delayedExecutor(pauseMs, TimeUnit.MILLISECONDS, reads));
        }
    }

    private void note() {
        CompletableFuture<?> unused = shard.writes()
                .submit(new Operation.KeysCompacted(due.topicId(), due.to(), bytesLeft), TIMEOUT)
                .whenComplete((result, failure) -> {
                    if (failure == null) {
                        ended.complete(null);
                    } else {
                        ended.completeExceptionally(failure);
                    }
                });
    }

    private Step look() {
        Step step = new Step();
        while (next <= due.to() && step.takesMore()) {
            Optional<StoredChunk> found = shard.view().stored(due.topicId(), next);
            if (found.isEmpty()) {
                next = firstKept();
            } else if (!step.take(found.get())) {
                break;
            }
        }
        return step;
    }

    /** Behind all that is due when the topic is gone. */
    private long firstKept() {
        long first = shard.view().topic(due.topicId()).map(TopicState::first).orElse(Long.MAX_VALUE);
        return first > next ? first : Long.MAX_VALUE;
    }

    private final class Step {
        final List<Operation> operations = new ArrayList<>();
        long bytes;
        private int chunks;
        private @Nullable ChunkAddress replaced;

        boolean takesMore() {
            return bytes < STEP_BYTES_MAX && chunks < STEP_CHUNKS_MAX;
        }

        /** False when the chunk shares the body that is to be replaced: what comes of that has to be read first. */
        boolean take(StoredChunk stored) {
            if (stored.address().equals(replaced)) {
                return false;
            }
            int size = stored.chunk().getBody().size();
            chunks++;
            bytes += size;
            next = stored.chunk().getFirstPosition() + stored.chunk().getCount();
            BitSet superseded = superseded(stored);
            if (superseded.isEmpty()) {
                bytesLeft += size;
                return true;
            }
            Operation.ReplaceBody operation = EventRemoval.superseded(due.topicId(), stored, superseded);
            operations.add(operation);
            replaced = stored.address();
            bytesLeft += operation.body().size();
            return true;
        }
    }

    /** Numbers of the chunk's events that are to go; none when they are too few of its bytes. */
    private BitSet superseded(StoredChunk stored) {
        List<Event> events = EventsCodec.events(stored.chunk());
        SortedSet<String> keys = new TreeSet<>();
        events.forEach(event -> keys.add(event.getKey()));
        keys.remove("");
        BitSet superseded = new BitSet();
        if (keys.isEmpty()) {
            return superseded;
        }
        Map<String, Long> last = shard.view().lastOfKeys(due.topicId(), keys);
        long all = 0;
        long gone = 0;
        for (int number = 0; number < events.size(); number++) {
            Event event = events.get(number);
            all += event.getSerializedSize();
            if (last.getOrDefault(event.getKey(), 0L) > stored.chunk().getFirstPosition() + number) {
                superseded.set(number);
                gone += event.getSerializedSize();
            }
        }
        return gone * ALL_PERCENT >= all * plan.dirtyPercent() ? superseded : new BitSet();
    }
}
