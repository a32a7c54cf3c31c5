package io.eckermann.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.CommandBuilder;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.UnreadableCommandException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Two replicas of one shard: every write is handed on as between nodes, committed, and applied by both, who must answer the
 * same. What apply throws is kept, and every later write fails.
 */
final class TwinShard implements WriteRoute, ReadBarrier, AutoCloseable {
    /** Between two writes, so that the shortest leases end after a few. */
    private static final long STEP_NS = 10_000_000;

    private final AppliedBodies bodies = new AppliedBodies();
    private final List<StateMachine> machines;
    private long index;
    private @Nullable Throwable thrown;

    TwinShard(Path directory) throws IOException {
        machines = List.of(StateMachine.open(directory.resolve("one")), StateMachine.open(directory.resolve("two")));
        machines.forEach(machine -> machine.attach(bodies));
    }

    Shard shard() {
        return new Shard(first().view(), first().headSignal(), this, this);
    }

    @Override
    public synchronized CompletableFuture<Result> submit(Operation operation, Duration timeout) {
        try {
            Result result = applied(operation);
            return first().whenVisible(index - 1).thenApply(nothing -> result);
        } catch (UnreadableCommandException | RuntimeException | AssertionError e) {
            thrown = thrown == null ? new AssertionError("at " + operation, e) : thrown;
            return CompletableFuture.failedFuture(new StoreException(ErrorCode.INTERNAL, "apply threw", e));
        }
    }

    private Result applied(Operation operation) throws UnreadableCommandException {
        CommandBuilder builder = new CommandBuilder();
        int number = builder.add(CommandCodec.decodeOperation(CommandCodec.encode(operation)));
        CommandBuilder.Built built = builder.build(STEP_NS + index * STEP_NS);
        RaftIndex at = new RaftIndex(1, index++);
        Command command = CommandCodec.decode(built.bytes());
        bodies.add(at.index(), command);
        List<Result> results = first().apply(at, command);
        assertThat(machines.get(1).apply(at, CommandCodec.decode(built.bytes())))
                .isEqualTo(results);
        return results.get(built.slots().get(number));
    }

    /** How many writes came through the doors' rules. */
    synchronized long writes() {
        return index;
    }

    /** Neither has thrown anything, and both hold the same. */
    synchronized void assertTwins() {
        if (thrown != null) {
            throw new AssertionError("apply threw", thrown);
        }
        for (StateMachine machine : machines) {
            Answers.of(machine.whenVisible(index - 1));
        }
        assertThat(machines.get(1).digest()).isEqualTo(first().digest());
    }

    @Override
    public CompletableFuture<Void> linearizable(Duration timeout) {
        return first().whenVisible(first().applied().index());
    }

    private StateMachine first() {
        return machines.get(0);
    }

    @Override
    public void close() {
        machines.forEach(StateMachine::close);
    }
}
