package io.eckermann.raftlog.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.raftlog.Await;
import io.eckermann.raftlog.RaftConfig;
import io.eckermann.raftlog.RaftConfig.Elections;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Followers hear of a commit although no entry, and no heartbeat, follows it. */
class CommitNoticeTest {
    private static final Duration HEARTBEATS_NEVER = Duration.ofMinutes(10);

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void everyNodeShowsALoneAppendLongBeforeTheNextHeartbeat() throws Exception {
        Elections patient = new Elections(HEARTBEATS_NEVER, HEARTBEATS_NEVER.multipliedBy(2));
        try (TestCluster cluster = new TestCluster(directory, RaftConfig.Snapshots.DEFAULT).withElections(patient)) {
            cluster.startAll();
            long topic = cluster.createTopic("lone");
            for (int i = 1; i <= 5; i++) {
                cluster.submit(TestCluster.append(topic, "p", i, "event " + i));
                long head = i;
                for (TestCluster.Node node : cluster.nodes()) {
                    Await.until(
                            node.id() + " to show event " + i,
                            () -> node.state()
                                    .view()
                                    .topic(topic)
                                    .filter(t -> t.head() == head)
                                    .isPresent());
                }
            }
            assertThat(cluster.failStops()).isEmpty();
        }
    }
}
