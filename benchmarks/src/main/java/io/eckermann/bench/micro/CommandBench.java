package io.eckermann.bench.micro;

import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.CommandBuilder;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.UnreadableCommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** An entry of 256 appends of one event of 1 KiB, as the leader gathers it: building it, and reading it for apply. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CommandBench {
    private static final int APPENDS = 256;
    private static final long LEADER_TIME_NS = 1_000_000_000;

    /** How many topics the appends are for; those of one topic are merged. */
    @Param({"1", "256"})
    public int topics;

    private final List<Operation.Append> appends = new ArrayList<>();
    private CommandBuilder.Built built = new CommandBuilder().build(LEADER_TIME_NS);

    /** Makes the appends. */
    @Setup
    public void make() {
        for (int i = 0; i < APPENDS; i++) {
            appends.add(Batch.append(1 + i % topics, Batch.events("random", 1, 1024)));
        }
        built = build();
    }

    /** As the leader does it. */
    @Benchmark
    public CommandBuilder.Built build() {
        CommandBuilder builder = new CommandBuilder();
        appends.forEach(builder::add);
        return builder.build(LEADER_TIME_NS);
    }

    /** As every node does it before it applies. */
    @Benchmark
    public Command decode() throws UnreadableCommandException {
        return CommandCodec.decode(built.bytes());
    }
}
