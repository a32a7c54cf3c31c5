package io.eckermann.raftlog.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.raftlog.Await;
import io.eckermann.raftlog.RaftConfig;
import io.eckermann.statemachine.Snapshot;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTest {
    /** Small enough that a few dozen appends fill several files of the log. */
    private static final RaftConfig.Snapshots SMALL =
            new RaftConfig.Snapshots(1L << 40, Duration.ofHours(1), 0, 16 << 10);

    @TempDir
    Path directory;

    @Test
    void nothingAcknowledgedIsLostWithTheLeaderOrInARestartOfAll() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        try (TestCluster cluster = TestCluster.started(directory)) {
            long topic = cluster.createTopic("orders");
            append(cluster, topic, 1, 20, acknowledged);
            String old = cluster.leader().id();
            cluster.stop(old);
            append(cluster, topic, 21, 40, acknowledged);
            assertThat(cluster.leader().id()).isNotEqualTo(old);
            cluster.start(old);
            cluster.awaitSame();
            assertThat(TestCluster.payloads(cluster.node(old).state(), topic)).isEqualTo(acknowledged);

            cluster.stopAll();
            cluster.startAll();
            append(cluster, topic, 41, 45, acknowledged);
            cluster.awaitSame();
            for (TestCluster.Node node : cluster.nodes()) {
                assertThat(TestCluster.payloads(node.state(), topic)).isEqualTo(acknowledged);
            }
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    @Test
    void aNodeThatWasDownPastThePurgeComesBackBySnapshot() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        try (TestCluster cluster = TestCluster.started(directory, SMALL)) {
            long topic = cluster.createTopic("orders");
            append(cluster, topic, 1, 5, acknowledged);
            cluster.awaitSame();
            String late = cluster.follower().id();
            cluster.stop(late);
            append(cluster, topic, 6, 60, acknowledged);
            for (TestCluster.Node node : cluster.nodes()) {
                node.log().takeSnapshot().get(30, TimeUnit.SECONDS);
                Await.until("a purge", () -> firstSegment(cluster, node.id()) > 10);
            }
            TestCluster.Node back = cluster.start(late);
            append(cluster, topic, 61, 65, acknowledged);
            cluster.awaitSame();
            assertThat(TestCluster.payloads(back.state(), topic)).isEqualTo(acknowledged);
            assertThat(back.state().digest()).isEqualTo(cluster.leader().state().digest());
            assertThat(back.state().installedAt().index()).isPositive();

            // And it starts again on what it installed.
            cluster.stop(late);
            cluster.start(late);
            append(cluster, topic, 66, 70, acknowledged);
            cluster.awaitSame();
            assertThat(TestCluster.payloads(cluster.node(late).state(), topic)).isEqualTo(acknowledged);
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    @Test
    void aNodeThatCrashedBeforeItInstalledAFetchedSnapshotStartsOnIt() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        try (TestCluster cluster = TestCluster.started(directory, SMALL)) {
            long topic = cluster.createTopic("orders");
            append(cluster, topic, 1, 5, acknowledged);
            cluster.awaitSame();
            String late = cluster.follower().id();
            cluster.stop(late);
            append(cluster, topic, 6, 40, acknowledged);
            cluster.leader().log().takeSnapshot().get(30, TimeUnit.SECONDS);
            Snapshot fetched = Objects.requireNonNull(cluster.leader().state().latestSnapshot());
            try (StateMachine state = StateMachine.open(directory.resolve(late).resolve("state"))) {
                Path into = state.incoming();
                for (Path file : DurableFiles.list(fetched.directory())) {
                    Files.copy(file, into.resolve(file.getFileName()));
                }
                state.accept(into);
            }
            TestCluster.Node back = cluster.start(late);
            assertThat(back.state().installedAt()).isEqualTo(fetched.at());
            append(cluster, topic, 41, 45, acknowledged);
            cluster.awaitSame();
            assertThat(TestCluster.payloads(back.state(), topic)).isEqualTo(acknowledged);
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    @Test
    void aNodeWhoseLogIsGoneIsRefused() throws Exception {
        try (TestCluster cluster = TestCluster.started(directory)) {
            cluster.createTopic("orders");
            cluster.awaitSame();
            String victim = cluster.follower().id();
            cluster.stop(victim);
            Path log = cluster.config(victim).logDirectory();
            try (Stream<Path> files = Files.list(log)) {
                for (Path file : files.filter(f -> f.getFileName().toString().startsWith("log_"))
                        .toList()) {
                    Files.delete(file);
                }
            }
            assertThatThrownBy(() -> cluster.start(victim))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the log ends at -1 but this node has acknowledged");
        }
    }

    private static void append(TestCluster cluster, long topic, int from, int to, List<String> acknowledged)
            throws Exception {
        for (int i = from; i <= to; i++) {
            String payload = "event " + i + " " + "x".repeat(1000);
            assertThat(cluster.submit(TestCluster.append(topic, "p", i, payload)))
                    .isInstanceOf(Result.Appended.class);
            acknowledged.add(payload);
        }
    }

    private static long firstSegment(TestCluster cluster, String id) throws IOException {
        try (Stream<Path> files = Files.list(cluster.config(id).logDirectory())) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> name.startsWith("log_"))
                    .mapToLong(name -> Long.parseLong(name.replace("log_inprogress_", "")
                            .replace("log_", "")
                            .split("-", -1)[0]))
                    .min()
                    .orElse(-1);
        }
    }
}
