package io.eckermann.raftlog.ratis;

import io.eckermann.raftlog.Await;
import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.RaftConfig;
import io.eckermann.statemachine.StateMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A group of one member, for files as the pinned Ratis writes them. */
public final class WrittenLog implements AutoCloseable {
    private final RaftConfig config;
    private final StateMachine state;
    private final RatisLog log;

    public WrittenLog(Path directory) throws IOException {
        this(directory, freePort(), 0);
    }

    public WrittenLog(Path directory, int port, long diskFreeBytesMin) throws IOException {
        config = RaftConfig.of("n1", List.of(new Member("n1", "127.0.0.1:" + port)), "test", directory.resolve("raft"))
                .withBindHost("127.0.0.1")
                .withDiskFreeBytesMin(diskFreeBytesMin)
                .withSnapshots(new RaftConfig.Snapshots(1L << 40, Duration.ofHours(1), 0, 16 << 10));
        state = StateMachine.open(directory.resolve("state"));
        log = new RatisLog(
                config,
                state,
                (nodeId, least, kept, into, wanted) -> {
                    throw new IOException("nobody to fetch from");
                },
                (reason, cause) -> {
                    throw new AssertionError(reason, cause);
                },
                TestCluster::nowNs);
        try {
            log.start();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The directory that holds the segments and the vote file. */
    public Path logDirectory() {
        return config.logDirectory();
    }

    public StateMachine state() {
        return state;
    }

    public RatisLog log() {
        return log;
    }

    /** Appends one after the other, so that each becomes an entry. */
    public void append(int from, int to) throws Exception {
        Await.until("leadership", () -> log.leadership().leaderReady());
        if (from == 1) {
            log.submit(new io.eckermann.statemachine.command.Operation.CreateTopic("t", TestCluster.SETTINGS))
                    .get(30, TimeUnit.SECONDS);
        }
        for (int i = from; i <= to; i++) {
            log.submit(TestCluster.append(1, "p", i, "event " + i + " " + "x".repeat(1000)))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** The files as they would be found after kill -9 now. */
    public Path copyTo(Path target) throws IOException {
        Files.createDirectories(target);
        try (Stream<Path> files = Files.list(logDirectory())) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        return target;
    }

    @Override
    public void close() {
        log.close();
        state.close();
    }
}
