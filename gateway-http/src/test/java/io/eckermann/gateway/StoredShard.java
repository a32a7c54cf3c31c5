package io.eckermann.gateway;

import io.eckermann.gateway.groups.GroupShard;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.CommandBuilder;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.UnreadableCommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** A shard with the real state machine, where every write is committed and applied at once. */
public final class StoredShard implements WriteRoute, ReadBarrier, AutoCloseable {
    private final StateMachine machine;
    private final AppliedBodies bodies = new AppliedBodies();
    private long index;
    private long clockNs = 1_000;

    public StoredShard(Path directory) {
        try {
            machine = StateMachine.open(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        machine.attach(bodies);
    }

    public Shard shard() {
        return new Shard(machine.view(), machine.headSignal(), this, this);
    }

    /** The same for groups; leases end by {@link #clock}. */
    public GroupShard groups(Executor reads, ScheduledExecutorService timer) {
        return new GroupShard(
                shard(), machine.view().groups(), machine.view().groups().news(), reads, timer, Clock.systemUTC());
    }

    /** The leader's time of the next write. */
    public synchronized void clock(long ns) {
        clockNs = ns;
    }

    @Override
    public synchronized CompletableFuture<Result> submit(Operation operation, Duration timeout) {
        CommandBuilder builder = new CommandBuilder();
        int number = builder.add(operation);
        CommandBuilder.Built built = builder.build(clockNs++);
        try {
            RaftIndex at = new RaftIndex(1, index++);
            Command command = CommandCodec.decode(built.bytes());
            bodies.add(at.index(), command);
            Result result = machine.apply(at, command).get(built.slots().get(number));
            return machine.whenVisible(at.index()).thenApply(nothing -> result);
        } catch (UnreadableCommandException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public CompletableFuture<Void> linearizable(Duration timeout) {
        return machine.whenVisible(machine.applied().index());
    }

    @Override
    public void close() {
        machine.close();
    }
}
