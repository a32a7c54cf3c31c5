package io.eckermann.bench.micro;

import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.TimeSeek;
import io.eckermann.statemachine.TimelineSlot;
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
import java.util.OptionalLong;
import java.util.SplittableRandom;
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

/**
 * Looking for a recorded time in a topic of many events, and for a thousand slots of its timeline, as a node does for a
 * reader. Times are random, within those of the topic. Entries have pauses of random length between them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TimeSeekBench {
    private static final int APPENDS_PER_ENTRY = 1_000;
    private static final int EVENT_BYTES = 32;
    private static final long PAUSE_NS_MAX = 20_000_000_000L;
    private static final int SLOTS = 1_000;

    @Param("10000000")
    public int events;

    /** Events in each stored chunk: 1 is the most that there is to look through. */
    @Param({"1", "256"})
    public int chunk;

    private final SplittableRandom random = new SplittableRandom(7);
    private Path directory = Path.of("");
    private @Nullable StateMachine machine;
    private long topicId;
    private long firstNs;
    private long lastNs;

    /** Fills a topic; bodies are compressed each by itself, so that none become one chunk. */
    @Setup
    public void fill() throws IOException, UnreadableCommandException {
        directory = Files.createTempDirectory("time-seek-bench");
        machine = StateMachine.open(directory);
        CommandBuilder create = new CommandBuilder();
        create.add(new Operation.CreateTopic("bench", ApplyBench.SETTINGS));
        lastNs = 1_700_000_000_000_000_000L;
        firstNs = lastNs;
        topicId = ((Result.TopicCreated) apply(0, create)).topicId();
        EncodedEvents encoded = EventsCodec.encoded(
                Encoding.LZ4,
                BodyCompression.compress(
                        Encoding.LZ4,
                        EventsCodec.body(
                                Batch.events("random", chunk, EVENT_BYTES).getEventsList())),
                chunk);
        int perEntry = Math.min(APPENDS_PER_ENTRY, events / chunk);
        for (long index = 1, head = 0; head < events; index++, head += (long) perEntry * chunk) {
            CommandBuilder entry = new CommandBuilder();
            for (int i = 0; i < perEntry; i++) {
                entry.add(new Operation.Append(
                        topicId, chunk, encoded.getEncoding(), encoded.getCrc32C(), encoded.getBody(), null));
            }
            lastNs += random.nextLong(PAUSE_NS_MAX);
            apply(index, entry);
        }
        opened().whenVisible(opened().applied().index()).join();
        opened().flush();
    }

    private Result apply(long index, CommandBuilder entry) throws UnreadableCommandException {
        return opened().apply(
                        new RaftIndex(1, index),
                        CommandCodec.decode(entry.build(lastNs).bytes()))
                .get(0);
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

    /** The event nearest to a time. */
    @Benchmark
    public OptionalLong seek() {
        return opened().view().positionAt(topicId, random.nextLong(firstNs, lastNs), TimeSeek.NEAREST);
    }

    /** A page of a timeline, its first thousand slots or fewer. */
    @Benchmark
    public List<TimelineSlot> timeline() {
        long slotNs = Math.max(1, (lastNs - firstNs) / SLOTS);
        return opened().view().timeline(topicId, slotNs, 0, Long.MAX_VALUE, SLOTS);
    }

    private StateMachine opened() {
        return Objects.requireNonNull(machine, "fill() runs first");
    }
}
