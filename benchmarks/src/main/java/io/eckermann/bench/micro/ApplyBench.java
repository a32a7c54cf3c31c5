package io.eckermann.bench.micro;

import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.CommandBuilder;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.UnreadableCommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Applying entries of 256 KiB, decoding included, to a store in the directory for temporary files. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ApplyBench {
    private static final int EVENTS = 256;
    static final TopicSettings SETTINGS =
            TopicSettings.newBuilder().setMaxEventBytes(1 << 20).build();

    /** How many appends the 256 events came in. */
    @Param({"1", "256"})
    public int appends;

    private final CommandBuilder entry = new CommandBuilder();
    private Path directory = Path.of("");
    private @Nullable StateMachine machine;
    private long index;

    /** Makes a store with one topic. */
    @Setup
    public void open() throws IOException, UnreadableCommandException {
        directory = Files.createTempDirectory("apply-bench");
        machine = StateMachine.open(directory);
        CommandBuilder create = new CommandBuilder();
        create.add(new Operation.CreateTopic("bench", SETTINGS));
        Result.TopicCreated created = (Result.TopicCreated) apply(create).get(0);
        for (int i = 0; i < appends; i++) {
            entry.add(Batch.append(created.topicId(), Batch.events("random", EVENTS / appends, 1024)));
        }
    }

    /** Removes it. */
    @TearDown
    public void remove() throws IOException {
        opened().close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** One entry; its time moves on, as the leader's does. */
    @Benchmark
    public List<Result> apply() throws UnreadableCommandException {
        return apply(entry);
    }

    private List<Result> apply(CommandBuilder command) throws UnreadableCommandException {
        index++;
        return opened().apply(
                        new RaftIndex(1, index),
                        CommandCodec.decode(command.build(index * 1_000_000).bytes()));
    }

    private StateMachine opened() {
        return Objects.requireNonNull(machine, "open() runs first");
    }
}
