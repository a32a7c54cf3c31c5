package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.CopyList;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CreateTopicResponse;
import io.eckermann.protocol.v1.CursorsGrpc;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.eckermann.raftlog.restore.NewBeginning;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running cluster is copied, and another one begins with the copy. */
final class BackupTest {
    private static final String[] SMALL = {"raft.segment-size=1MiB", "raft.snapshot-interval=1h", "scavenge.interval=1h"
    };

    @TempDir
    Path root;

    @Test
    void anotherClusterBeginsWithACopyAndGoesOn() throws Exception {
        TakenCopy copy = new TakenCopy(root.resolve("copy"));
        NewBeginning.Outcome copied;
        try (TestCluster cluster = new TestCluster(root.resolve("old"), 1, SMALL)) {
            cluster.startAll();
            create(cluster, "n1", "orders");
            append(cluster, "n1", "orders", 30);
            commit(cluster, "n1", 7);
            copy.fetch(cluster.channel("n1"));
            Set<String> before = copy.segmentsSent();

            TopicsGrpc.newBlockingStub(cluster.channel("n1"))
                    .deleteEvent(DeleteEventRequest.newBuilder()
                            .setTopic("orders")
                            .setPosition(3)
                            .build());
            append(cluster, "n1", "orders", 30);
            commit(cluster, "n1", 9);
            CopyList second = copy.fetch(cluster.channel("n1"));
            assertThat(before).isNotEmpty();
            assertThat(copy.segmentsSent())
                    .as("new segments alone")
                    .isNotEmpty()
                    .doesNotContainAnyElementsOf(before);
            copied = new NewBeginning.Outcome(
                    second.getShards(0).getRaftIndex(),
                    cluster.running("n1").state().digest());
            assertThat(cluster.running("n1").state().applied().index()).isEqualTo(copied.raftIndex());
        }

        try (TestCluster fresh = new TestCluster(root.resolve("new"), 3, "cluster.id=restored")) {
            for (String id : fresh.ids()) {
                assertThat(copy.restore(fresh, id)).containsExactly(copied);
            }
            fresh.startAll();
            for (String id : fresh.ids()) {
                assertThat(fresh.running(id).state().digest()).isEqualTo(copied.digest());
            }
            assertThat(CursorsGrpc.newBlockingStub(fresh.channel("n2"))
                            .getCursor(GetCursorRequest.newBuilder()
                                    .setTopic("orders")
                                    .setConsumer("reader")
                                    .build())
                            .getPosition())
                    .isEqualTo(9);
            append(fresh, "n3", "orders", 1);
            commit(fresh, "n1", 61);
            assertThat(head(fresh, "n2")).isEqualTo(61);
            assertThat(fresh.failStops()).isEmpty();
        }
    }

    @Test
    void anotherClusterOfAsManyShardsBeginsWithACopyOfAll() throws Exception {
        TakenCopy copy = new TakenCopy(root.resolve("copy"));
        List<NewBeginning.Outcome> copied = new ArrayList<>();
        try (TestCluster cluster = new TestCluster(root.resolve("old"), 1, "shards=2")) {
            cluster.startAll();
            create(cluster, "n1", "orders");
            create(cluster, "n1", "clicks");
            append(cluster, "n1", "orders", 3);
            append(cluster, "n1", "clicks", 2);
            CopyList list = copy.fetch(cluster.channel("n1"));
            for (int shard = 0; shard < 2; shard++) {
                copied.add(new NewBeginning.Outcome(
                        list.getShards(shard).getRaftIndex(),
                        cluster.running("n1").shards().all().get(shard).state().digest()));
            }
        }
        assertThat(restoredFor("shards=3")).contains("The backup has 2 shards and the new cluster 3");
        assertThat(restoredFor("shards=2", "--to-index", "9")).contains("say a time in place of an entry");

        try (TestCluster fresh = new TestCluster(root.resolve("new"), 1, "cluster.id=restored", "shards=2")) {
            assertThat(copy.restore(fresh, "n1")).isEqualTo(copied);
            fresh.startAll();
            for (ShardPart part : fresh.running("n1").shards().all()) {
                assertThat(part.state().digest())
                        .isEqualTo(copied.get(part.number()).digest());
            }
            assertThat(head(fresh, "n1")).isEqualTo(3);
            append(fresh, "n1", "clicks", 1);
            assertThat(create(fresh, "n1", "clicks").getTopic().getHead()).isEqualTo(3);
            assertThat(create(fresh, "n1", "more").getCreated()).isTrue();
        }
    }

    /** What the node says to files of a cluster of two shards. */
    private String restoredFor(String shards, String... more) throws IOException {
        Path files = Files.createDirectories(root.resolve("refused"));
        Files.writeString(files.resolve("source"), "cluster-id=eckermann\nshards=2\nbase=true\n");
        List<String> arguments = new ArrayList<>(List.of("restore", "--from", files.toString()));
        arguments.addAll(List.of(more));
        for (String set : List.of(shards, "cluster.id=restored", "node.data-directory=" + root.resolve("refused"))) {
            arguments.addAll(List.of("--set", set));
        }
        return said(arguments);
    }

    @Test
    void nodesThatBeginWithDifferentStatesDoNotFoundACluster() throws Exception {
        TakenCopy copy = new TakenCopy(root.resolve("copy"));
        try (TestCluster cluster = new TestCluster(root.resolve("old"), 1, SMALL)) {
            cluster.startAll();
            create(cluster, "n1", "orders");
            copy.fetch(cluster.channel("n1"));
        }
        try (TestCluster fresh = new TestCluster(root.resolve("new"), 2, "cluster.id=restored")) {
            copy.restore(fresh, "n1");
            CompletableFuture<Void> starting = fresh.startWithoutWaiting("n1", "n2");
            assertThatThrownBy(() -> starting.get(3, TimeUnit.SECONDS))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
        }
    }

    @Test
    void oneSurvivorBeginsAnotherClusterOnlyWhenItIsTypedOut() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3, SMALL)) {
            cluster.startAll();
            create(cluster, "n1", "orders");
            append(cluster, "n1", "orders", 30);
            cluster.stopAll();

            String alone = cluster.nodes("n2");
            assertThat(alone(cluster, alone, "cluster.id=saved", "wrong")).contains("not of n2 of wrong");
            assertThat(alone(cluster, alone, "cluster.id=eckermann", "eckermann"))
                    .contains("give cluster.id a new value");
            assertThat(alone(cluster, cluster.nodes("n1", "n2"), "cluster.id=saved", "eckermann"))
                    .contains("begins with this node alone");
            assertThat(alone(cluster, alone, "cluster.id=saved", "eckermann"))
                    .contains("cluster saved begins with n2 up to entry ");

            cluster.startWith("n2", alone, "cluster.id=saved").get(60, TimeUnit.SECONDS);
            cluster.node("n2").ready().get(60, TimeUnit.SECONDS);
            assertThat(head(cluster, "n2")).isEqualTo(30);
            append(cluster, "n2", "orders", 1);
            assertThat(head(cluster, "n2")).isEqualTo(31);
        }
    }

    @Test
    void aSurvivorOfSeveralShardsBeginsAnotherClusterWithAllOfThem() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3, "shards=2")) {
            cluster.startAll();
            create(cluster, "n1", "orders");
            create(cluster, "n1", "clicks");
            append(cluster, "n1", "orders", 3);
            append(cluster, "n1", "clicks", 2);
            cluster.stopAll();

            String alone = cluster.nodes("n2");
            assertThat(alone(cluster, alone, "cluster.id=saved", "eckermann")).contains("set shards to 2, too");
            assertThat(alone(cluster, alone, "cluster.id=saved", "eckermann", "shards=2"))
                    .contains("cluster saved begins with n2 up to entry ")
                    .contains(" of eckermann, shard 1, state ");

            cluster.startWith("n2", alone, "cluster.id=saved", "shards=2").get(60, TimeUnit.SECONDS);
            cluster.node("n2").ready().get(60, TimeUnit.SECONDS);
            assertThat(head(cluster, "n2")).isEqualTo(3);
            append(cluster, "n2", "clicks", 1);
            assertThat(create(cluster, "n2", "clicks").getTopic().getHead()).isEqualTo(3);
            assertThat(create(cluster, "n2", "more").getCreated()).isTrue();
        }
    }

    private String alone(TestCluster cluster, String nodes, String clusterId, String former, String... more) {
        List<String> arguments = new ArrayList<>(List.of("found-alone", "--force", former));
        List<String> all = new ArrayList<>(
                List.of(nodes, "node.id=n2", clusterId, "node.data-directory=" + cluster.dataDirectory("n2")));
        all.addAll(List.of(more));
        for (String set : all) {
            arguments.addAll(List.of("--set", set));
        }
        return said(arguments);
    }

    private static String said(List<String> arguments) {
        StringWriter said = new StringWriter();
        Main.commandLine(Map.of())
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .execute(arguments.toArray(String[]::new));
        return said.toString();
    }

    private static CreateTopicResponse create(TestCluster cluster, String node, String topic) {
        return TopicsGrpc.newBlockingStub(cluster.channel(node))
                .createTopic(CreateTopicRequest.newBuilder()
                        .setName(topic)
                        .setSettings(TopicSettings.getDefaultInstance())
                        .build());
    }

    private static void append(TestCluster cluster, String node, String topic, int events) {
        var log = LogGrpc.newBlockingStub(cluster.channel(node));
        for (int i = 0; i < events; i++) {
            log.append(AppendRequest.newBuilder()
                    .setTopic(topic)
                    .setEvents(Events.newBuilder()
                            .addEvents(Event.newBuilder().setPayload(ByteString.copyFrom(new byte[80_000]))))
                    .build());
        }
    }

    private static void commit(TestCluster cluster, String node, long position) {
        var unused = CursorsGrpc.newBlockingStub(cluster.channel(node))
                .commitCursor(CommitCursorRequest.newBuilder()
                        .setTopic("orders")
                        .setConsumer("reader")
                        .setPosition(position)
                        .build());
    }

    private static long head(TestCluster cluster, String node) {
        return LogGrpc.newBlockingStub(cluster.channel(node))
                .getHead(GetHeadRequest.newBuilder().setTopic("orders").build())
                .getHead();
    }
}
