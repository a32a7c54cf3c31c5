package io.eckermann.bench.raw;

import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.RaftConfig;
import io.eckermann.raftlog.ratis.RatisSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftServer;

/**
 * The main of one node process. Arguments: own id, members as {@code id=host:port} with commas, directory. It reads
 * commands from stdin, a line each, and answers with one line: {@code leader?} and {@code measure BYTES IN_FLIGHT MS}. It
 * ends with its stdin.
 */
public final class RawRatisNode {
    private static final long LOG_BYTES_KEPT = 256L << 20;
    private static final int SNAPSHOT_TIMEOUT_MS = 60_000;

    private final RaftServer server;
    private final RaftServer.Division division;
    private final CountingMachine machine;
    private final ClientId clientId = ClientId.randomId();
    private long snapshots;

    private RawRatisNode(RaftConfig config) throws IOException {
        machine = new CountingMachine();
        server = RatisSettings.server(config, machine).build();
        server.start();
        division = server.getDivision(server.getGroupIds().iterator().next());
    }

    /** Runs the node until its stdin ends. */
    public static void main(String[] args) throws Exception {
        List<Member> members = Arrays.stream(args[1].split(","))
                .map(member -> member.split("=", 2))
                .map(parts -> new Member(parts[0], parts[1]))
                .toList();
        RaftConfig config = RaftConfig.of(args[0], members, "raw-ratis", Path.of(args[2]))
                .withBindHost("127.0.0.1")
                .withSnapshots(new RaftConfig.Snapshots(LOG_BYTES_KEPT, Duration.ofHours(1), 10, 64L << 20));
        RawRatisNode node = new RawRatisNode(config);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ScheduledFuture<?> unused = timer.scheduleWithFixedDelay(node::purge, 1, 1, TimeUnit.SECONDS);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            node.obey(in, System.out);
        } finally {
            timer.shutdownNow();
            node.server.close();
        }
    }

    private void obey(BufferedReader in, PrintStream out) throws Exception {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("measure")) {
                RawRatisLoad load = new RawRatisLoad(division, Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                out.println(
                        load.run(Duration.ofMillis(Long.parseLong(words[3]))).line());
            } else {
                out.println(division.getInfo().isLeader() && division.getInfo().isLeaderReady());
            }
            out.flush();
        }
    }

    private void purge() {
        if (machine.bytesSinceSnapshot() < LOG_BYTES_KEPT) {
            return;
        }
        SnapshotManagementRequest request = SnapshotManagementRequest.newCreate(
                clientId, server.getId(), division.getMemberId().getGroupId(), ++snapshots, SNAPSHOT_TIMEOUT_MS, 1);
        server.snapshotManagementAsync(request)
                .exceptionally(failure -> {
                    System.err.println("The log was not purged: " + failure);
                    return null;
                })
                .join();
    }
}
