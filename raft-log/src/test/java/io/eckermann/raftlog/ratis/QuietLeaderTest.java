package io.eckermann.raftlog.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.raftlog.Await;
import io.eckermann.raftlog.RaftConfig;
import io.eckermann.raftlog.RaftConfig.Elections;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A leader to whom nothing happens: its followers know what it knows, and it does nothing. */
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

    @Test
    void followerThatIsDownCostsAQuietLeaderHardlyAnything() throws Exception {
        try (TestCluster cluster = TestCluster.started(directory)) {
            cluster.createTopic("t");
            cluster.awaitSame();
            String leader = cluster.leader().id();
            String down = cluster.follower().id();
            cluster.stop(down);
            long before = senderCpuNs(leader, down);
            long startNs = System.nanoTime();
            Await.until("a second has passed", () -> System.nanoTime() - startNs > 1_000_000_000L);
            assertThat(senderCpuNs(leader, down) - before).isLessThan(200_000_000L);
        }
    }

    private static long senderCpuNs(String leader, String follower) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Stream.of(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null
                        && thread.getThreadName().startsWith(leader + "@")
                        && thread.getThreadName().contains("->" + follower + "-PromptAppender"))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
                .findFirst()
                .orElseThrow();
    }
}
