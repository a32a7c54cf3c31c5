package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.peers.DurableFile;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.raftlog.RaftConfig;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A node of three comes upon damage as it starts: the others remove it, and it is rebuilt from them as another member. */
final class SurrenderTest {
    private static final String VICTIM = "n2";

    @TempDir
    Path root;

    /** Done to a data directory while no node has it. */
    private interface Damage {
        void doTo(Path data) throws IOException;
    }

    @Test
    void whateverIsDamagedItsNodeComesBackAsAnotherMemberThatHoldsTheSame() throws Exception {
        Map<String, Damage> kinds = new LinkedHashMap<>();
        kinds.put("a kept segment is missing", data -> Files.delete(last(data.resolve("state/kept"), ".*\\.segment")));
        kinds.put("the log ends too early", data -> Files.delete(last(log(data), "log_.*")));
        kinds.put("a snapshot lacks rows", data -> Files.delete(last(snapshot(data), ".*\\.sst")));
        assertEachIsMended(kinds);
    }

    @Test
    @EnabledIfSystemProperty(named = "chaos.long", matches = "true")
    void soItIsWithAllOtherDamage() throws Exception {
        Map<String, Damage> kinds = new LinkedHashMap<>();
        kinds.put("a kept segment is cut off", data -> cutOff(last(data.resolve("state/kept"), ".*\\.segment")));
        kinds.put("the log is missing", data -> Files.move(data.resolve("raft"), data.resolve("moved")));
        kinds.put("the vote is another one", data -> flip(log(data).resolve("raft-meta"), "term="));
        kinds.put("the vote is missing", data -> Files.delete(log(data).resolve("raft-meta")));
        kinds.put("a snapshot has no label", data -> Files.delete(snapshot(data).resolve("SNAPSHOT")));
        kinds.put(
                "the index lacks its list of files",
                data -> Files.delete(last(data.resolve("state/db"), "MANIFEST.*")));
        assertEachIsMended(kinds);
    }

    @Test
    @EnabledIfSystemProperty(named = "chaos.long", matches = "true")
    void leaderWhoseSnapshotTurnsOutToBeDamagedEndsAndIsRebuiltFromTheOthers() throws Exception {
        try (TestCluster cluster = cluster()) {
            cluster.startAll();
            NodesTest.createTopic(cluster, "n1");
            String leader = cluster.awaitLeader();
            String behind = cluster.follower();
            cluster.stop(behind);
            List<String> texts = fill(cluster, leader);
            for (String id : cluster.ids()) {
                if (!id.equals(behind)) {
                    cluster.running(id).log().takeSnapshot().get(60, TimeUnit.SECONDS);
                }
            }
            // Not the index's own files, which have second names there.
            Path rows = last(snapshot(cluster.dataDirectory(leader)), ".*\\.sst");
            byte[] bytes = Files.readAllBytes(rows);
            bytes[8] ^= 4;
            Files.delete(rows);
            Files.write(rows, bytes);

            CompletableFuture<Void> starting = cluster.startWithoutWaiting(behind);
            Await.until(
                    "the leader is asked for it",
                    () -> cluster.failStops().stream().anyMatch(why -> why.startsWith(leader + ": Rows of this node")));
            cluster.stop(leader);
            starting.get(60, TimeUnit.SECONDS);
            cluster.node(behind).ready().get(60, TimeUnit.SECONDS);
            cluster.start(leader);

            assertThat(cluster.running(leader).directory().memberId()).startsWith(leader + "~");
            assertThat(NodesTest.read(cluster, leader)).isEqualTo(texts);
            NodesTest.awaitEqualDigests(cluster);
        }
    }

    private TestCluster cluster() throws IOException {
        return new TestCluster(root, 3, "raft.segment-size=1MiB", "raft.entries-kept=1", "cluster.join-by-itself=true");
    }

    private void assertEachIsMended(Map<String, Damage> kinds) throws Exception {
        try (TestCluster cluster = cluster()) {
            cluster.startAll();
            NodesTest.createTopic(cluster, "n1");
            List<String> texts = fill(cluster, "n1");
            for (String id : cluster.ids()) {
                cluster.running(id).log().takeSnapshot().get(60, TimeUnit.SECONDS);
            }
            for (Map.Entry<String, Damage> kind : kinds.entrySet()) {
                cluster.running(VICTIM).log().takeSnapshot().get(60, TimeUnit.SECONDS);
                String before = cluster.running(VICTIM).directory().memberId();
                cluster.stop(VICTIM);
                kind.getValue().doTo(cluster.dataDirectory(VICTIM));

                cluster.start(VICTIM);

                String now = cluster.running(VICTIM).directory().memberId();
                assertThat(now).as(kind.getKey()).isNotEqualTo(before);
                Await.until(
                        kind.getKey() + ": it is a member in the other's place",
                        () -> members(cluster).equals(Set.of("n1", "n3", now)));
                NodesTest.append(cluster, "n1", kind.getKey());
                texts.add(kind.getKey());
                assertThat(NodesTest.read(cluster, VICTIM)).as(kind.getKey()).isEqualTo(texts);
            }
            NodesTest.awaitEqualDigests(cluster);
            assertThat(files(cluster.dataDirectory(VICTIM).resolve("aside"), ".*"))
                    .hasSize(kinds.size());
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    /** More than a segment. */
    private static List<String> fill(TestCluster cluster, String node) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            texts.add(new Random(i)
                    .ints(400_000, ' ', '~')
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString());
            NodesTest.append(cluster, node, texts.get(i));
        }
        return texts;
    }

    private static Set<String> members(TestCluster cluster) {
        return cluster.view("n1").getNodesList().stream().map(NodeView::getId).collect(Collectors.toSet());
    }

    private static Path log(Path data) throws IOException {
        String cluster = DurableFile.read(data.resolve(DataDirectory.IDENTITY)).getOrDefault("cluster-id", "");
        return RaftConfig.logDirectory(data.resolve("raft"), cluster, 0);
    }

    private static Path snapshot(Path data) throws IOException {
        return last(data.resolve("state/snapshots"), "\\d+_\\d+");
    }

    private static void cutOff(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(bytes.length() / 2);
        }
    }

    /** Changes a bit of what follows some words. */
    private static void flip(Path file, String words) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(words);
        assertThat(at).isNotNegative();
        bytes[at + words.length()] ^= 1;
        Files.write(file, bytes);
    }

    private static Path last(Path in, String name) throws IOException {
        return files(in, name).stream()
                .max(Comparator.comparingInt((Path file) -> file.toString().length())
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    private static List<Path> files(Path in, String name) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .toList();
        }
    }
}
