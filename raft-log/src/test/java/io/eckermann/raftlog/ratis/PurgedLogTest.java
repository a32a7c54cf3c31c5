package io.eckermann.raftlog.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.raftlog.Await;
import io.eckermann.raftlog.RaftConfig;
import io.eckermann.raftlog.segment.SegmentFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Followers that come back when the leader has purged what they had. */
class PurgedLogTest {
    private static final int EVENTS = 5;
    private static final RaftConfig.Snapshots ON_REQUEST =
            new RaftConfig.Snapshots(1L << 40, Duration.ofHours(1), 0, 1L << 20);

    @TempDir
    Path directory;

    /** A new leader's entries begin a new segment, so that its log begins right behind all that an idle cluster had. */
    @Test
    void followerWhoseStateEndsWhereTheLeadersLogBeginsGetsOn() throws Exception {
        try (TestCluster cluster = TestCluster.started(directory, ON_REQUEST)) {
            long topic = cluster.createTopic("t");
            append(cluster, topic, 1);
            cluster.awaitSame();
            String old = cluster.leader().id();
            for (TestCluster.Node node : cluster.nodes()) {
                node.log().takeSnapshot().get(30, TimeUnit.SECONDS);
            }
            long end = cluster.node(old).state().durablyApplied().index();
            cluster.stop(old);
            append(cluster, topic, 1 + EVENTS);
            TestCluster.Node leader = cluster.leader();
            leader.log().takeSnapshot().get(30, TimeUnit.SECONDS);
            Await.until("the purge", () -> firstEntry(cluster, leader.id()) == end + 1);

            cluster.start(old);
            cluster.awaitSame();
            assertThat(TestCluster.payloads(cluster.node(old).state(), topic)).hasSize(2 * EVENTS);
        }
    }

    private static void append(TestCluster cluster, long topic, int first) throws Exception {
        for (int i = first; i < first + EVENTS; i++) {
            cluster.submit(TestCluster.append(topic, "p", i, "event " + i));
        }
    }

    private static long firstEntry(TestCluster cluster, String id) throws IOException {
        try (Stream<Path> files = Files.list(cluster.config(id).logDirectory())) {
            return files.map(SegmentFile::of)
                    .flatMap(Optional::stream)
                    .mapToLong(SegmentFile::first)
                    .min()
                    .orElseThrow();
        }
    }
}
