package io.eckermann.raftlog.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.raftlog.Await;
import io.eckermann.raftlog.segment.SegmentFile;
import io.eckermann.raftlog.segment.SegmentFile.Entry;
import io.eckermann.statemachine.command.Operation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that lost the end of their log: it was acknowledged, or it was not, or nobody knows. */
class LostTailTest {
    private static final int EVENTS = 12;

    @TempDir
    Path directory;

    private long topic;

    @Test
    void followerThatLostWhatItHadAcknowledgedDoesNotStartAndTheOthersGoOn() throws Exception {
        try (TestCluster cluster = started()) {
            String victim = killed(cluster);
            Entry last = loseLast(cluster, victim, 1);
            assertThatThrownBy(() -> cluster.start(victim))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("must not vote")
                    .hasMessageContaining("at offset " + last.offset())
                    .hasMessageContaining("has acknowledged entries up to " + last.index());
            append(cluster, EVENTS + 1, EVENTS + 2);
            assertThat(TestCluster.payloads(cluster.leader().state(), topic)).hasSize(EVENTS + 2);
        }
    }

    @Test
    void followerThatNobodyKnewToHaveLostSomethingGetsItAgainFromAQuietLeader() throws Exception {
        try (TestCluster cluster = started()) {
            String victim = killed(cluster);
            loseLast(cluster, victim, 3);
            forgetMark(cluster, victim);
            cluster.start(victim);
            cluster.awaitSame();
            assertThat(TestCluster.payloads(cluster.node(victim).state(), topic))
                    .hasSize(EVENTS);
        }
    }

    @Test
    void entriesThatADeposedLeaderHadAloneAreCutOffAndMissedByNobody() throws Exception {
        try (TestCluster cluster = started()) {
            String deposed = cluster.leader().id();
            List<String> others = cluster.nodes().stream()
                    .map(TestCluster.Node::id)
                    .filter(id -> !id.equals(deposed))
                    .toList();
            cluster.stop(others.get(0));
            CompletableFuture<Void> stopping =
                    CompletableFuture.runAsync(() -> cluster.stop(others.get(1)), task -> new Thread(task).start());
            RatisLog log = cluster.node(deposed).log();
            Await.until("it does not lead any more", () -> {
                CompletableFuture<?> unused = log.submit(new Operation.CreateTopic("alone", TestCluster.SETTINGS));
                return !log.leadership().leaderReady();
            });
            stopping.join();
            cluster.stop(deposed);
            assertThat(lastEntry(cluster, deposed).index())
                    .isGreaterThan(lastEntry(cluster, others.get(0)).index())
                    .isGreaterThan(lastEntry(cluster, others.get(1)).index());
            for (String other : others) {
                cluster.start(other);
            }
            append(cluster, EVENTS + 1, EVENTS + 2);
            for (int round = 0; round < 2; round++) {
                cluster.start(deposed);
                append(cluster, EVENTS + 3 + round, EVENTS + 3 + round);
                cluster.awaitSame();
                cluster.stop(deposed);
            }
            cluster.start(deposed);
            cluster.awaitSame();
            assertThat(TestCluster.payloads(cluster.node(deposed).state(), topic))
                    .hasSize(EVENTS + 4);
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    private TestCluster started() throws Exception {
        TestCluster cluster = TestCluster.started(directory);
        topic = cluster.createTopic("t");
        append(cluster, 1, EVENTS);
        cluster.awaitSame();
        return cluster;
    }

    private void append(TestCluster cluster, int from, int to) throws Exception {
        for (int i = from; i <= to; i++) {
            cluster.submit(TestCluster.append(topic, "p", i, "event " + i));
        }
    }

    /** A follower, as after a crash before anything of its state became durable. */
    private String killed(TestCluster cluster) throws Exception {
        String victim = cluster.follower().id();
        cluster.stop(victim);
        delete(directory.resolve(victim).resolve("state"));
        return victim;
    }

    /** Damages the last entries, so that nothing whole is behind the first of them, which is returned. */
    private static Entry loseLast(TestCluster cluster, String id, int count) throws IOException {
        SegmentFile open = open(cluster, id);
        List<Entry> entries = open.read().entries();
        for (Entry entry : entries.subList(entries.size() - count, entries.size())) {
            try (RandomAccessFile file = new RandomAccessFile(open.path().toFile(), "rw")) {
                file.seek(entry.end() - 1);
                int crc = file.read();
                file.seek(entry.end() - 1);
                file.write(crc ^ 4);
            }
        }
        return entries.get(entries.size() - count);
    }

    private static Entry lastEntry(TestCluster cluster, String id) throws IOException {
        List<Entry> entries = open(cluster, id).read().entries();
        return entries.get(entries.size() - 1);
    }

    private static SegmentFile open(TestCluster cluster, String id) throws IOException {
        try (Stream<Path> files = Files.list(cluster.config(id).logDirectory())) {
            return files.map(SegmentFile::of)
                    .flatMap(Optional::stream)
                    .filter(SegmentFile::isOpen)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** As after a failure of the power that came before the mark was written back. */
    private static void forgetMark(TestCluster cluster, String id) throws IOException {
        Files.delete(cluster.config(id).logDirectory().resolveSibling("flushed"));
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
