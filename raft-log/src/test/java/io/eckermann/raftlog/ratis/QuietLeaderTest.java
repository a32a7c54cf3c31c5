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

/** Followers hear of a commit although no entry follows it, and the next heartbeat is far away. */
class QuietLeaderTest {
    private static final Duration TWO_HEARTBEATS = Duration.ofSeconds(6);
    /** If each had to wait for a heartbeat, they would take longer than the test may. */
    private static final int APPENDS = 30;

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void everyNodeShowsALoneAppendLongBeforeTheNextHeartbeat() throws Exception {
        Elections patient = new Elections(TWO_HEARTBEATS, TWO_HEARTBEATS.plusSeconds(1));
        try (TestCluster cluster = new TestCluster(directory, RaftConfig.Snapshots.DEFAULT).withElections(patient)) {
            cluster.startAll();
            long topic = cluster.createTopic("lone");
            for (int i = 1; i <= APPENDS; i++) {
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
