package io.eckermann.bench.micro;

import io.eckermann.protocol.v1.Chunk;
import io.eckermann.raftlog.Leadership;
import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.RaftConfig;
import io.eckermann.raftlog.ratis.RatisLog;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.storage.StorageSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
 * Reading pages of stored chunks, one after the other, as a node does for a reader, from where they can be: the tail in
 * memory, the Raft log's own files, and the segments kept of it. The files are in the page cache. A node of one member
 * wrote them, in the directory for temporary files.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ChunkReadBench {
    private static final int EVENT_BYTES = 1024;
    private static final int STORED_BYTES = 16 << 20;
    private static final int PAGE_BYTES = 1 << 20;
    private static final int AT_ONCE = 64;
    private static final long LEADER_PATIENCE_NS = 60_000_000_000L;

    /** Where the bytes come from. */
    @Param({"tail", "log", "kept"})
    public String from = "tail";

    /** Events in each stored chunk: one as of a lone append, or a run as of a pipelined producer. */
    @Param({"1", "256"})
    public int events = 1;

    private Path directory = Path.of("");
    private @Nullable StateMachine machine;
    private @Nullable RatisLog log;
    private long topicId;
    private long next = 1;

    /** Starts the node and fills a topic. */
    @Setup
    public void fill() throws Exception {
        directory = Files.createTempDirectory("chunk-read-bench");
        long tailBytes = from.equals("tail") ? 4L * STORED_BYTES : 1;
        StateMachine opened = StateMachine.open(directory.resolve("state"), StorageSettings.withTail(tailBytes));
        machine = opened;
        RaftConfig config = RaftConfig.of(
                "n1", List.of(new Member("n1", "127.0.0.1:" + freePort())), "bench", directory.resolve("raft"));
        RatisLog started = new RatisLog(
                config,
                opened,
                (node, least, kept, into, wanted) -> {
                    throw new IOException("There is no other node.");
                },
                (reason, cause) -> System.err.println(reason + " " + cause),
                () -> System.currentTimeMillis() * 1_000_000);
        log = started;
        started.start();
        awaitLeader(started);
        Result created = started.submit(new Operation.CreateTopic("bench", ApplyBench.SETTINGS))
                .get();
        topicId = ((Result.TopicCreated) created).topicId();
        Operation.Append append = Batch.append(topicId, Batch.events("random", events, EVENT_BYTES));
        List<CompletableFuture<Result>> pending = new ArrayList<>();
        for (long bytes = 0; bytes < STORED_BYTES; bytes += append.sizeBytes()) {
            pending.add(started.submit(append));
            if (pending.size() == AT_ONCE) {
                awaitAll(pending);
            }
        }
        awaitAll(pending);
        opened.whenVisible(opened.applied().index()).get();
        if (from.equals("kept")) {
            started.takeSnapshot().get();
        }
    }

    /** Removes it. */
    @TearDown
    public void remove() throws IOException {
        Objects.requireNonNull(log, "fill() runs first").close();
        opened().close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** A page of up to 1 MiB, then the one after it; from the first again after the last. */
    @Benchmark
    public List<Chunk> page() {
        List<Chunk> page = opened().view().forward(topicId, next, PAGE_BYTES);
        if (page.isEmpty()) {
            next = 1;
            page = opened().view().forward(topicId, next, PAGE_BYTES);
        }
        Chunk last = page.get(page.size() - 1);
        next = last.getFirstPosition() + last.getCount();
        return page;
    }

    private StateMachine opened() {
        return Objects.requireNonNull(machine, "fill() runs first");
    }

    private static void awaitAll(List<CompletableFuture<Result>> pending) throws Exception {
        for (CompletableFuture<Result> answer : pending) {
            if (answer.get() instanceof Result.Refused refused) {
                throw refused.toException();
            }
        }
        pending.clear();
    }

    private static void awaitLeader(RatisLog log) throws IOException {
        long end = System.nanoTime() + LEADER_PATIENCE_NS;
        while (log.leadership().role() != Leadership.Role.LEADER
                || !log.leadership().leaderReady()) {
            if (System.nanoTime() > end) {
                throw new IOException("The node's log has no leader.");
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
