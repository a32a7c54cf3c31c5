package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.ScavengeRequest;
import io.eckermann.protocol.v1.ScavengeView;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that give space back by themselves. */
class ScavengedClusterTest {
    private static final int EVENT_BYTES = 200_000;

    @TempDir
    Path root;

    private final Random random = new Random(7);

    private TestCluster cluster() throws IOException {
        return new TestCluster(
                root,
                3,
                "raft.segment-size=1MiB",
                "raft.entries-kept=1",
                "scavenge.interval=100ms",
                "retention.interval=100ms",
                "compaction.min-age=1ms");
    }

    @Test
    void truncatedTopicsSpaceComesBackOnEveryNode() throws Exception {
        try (TestCluster cluster = cluster()) {
            cluster.startAll();
            create(cluster, "orders", TopicSettings.getDefaultInstance());
            append(cluster, "orders", 100);
            snapshots(cluster);
            TopicsGrpc.newBlockingStub(cluster.channel("n2"))
                    .truncateTopic(TruncateTopicRequest.newBuilder()
                            .setName("orders")
                            .setPosition(101)
                            .build());
            // The newest segment waits for the next one, which is small.
            append(cluster, "orders", 6);
            snapshots(cluster);
            TopicsGrpc.newBlockingStub(cluster.channel("n2"))
                    .truncateTopic(TruncateTopicRequest.newBuilder()
                            .setName("orders")
                            .setPosition(106)
                            .build());
            for (String id : cluster.ids()) {
                Await.until("space is given back on " + id, () -> keptBytes(cluster, id) < 8L * EVENT_BYTES);
            }
            assertThat(read(cluster, "n3", "orders", 106)).containsExactly(106L);
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    @Test
    void nodeThatWasAwayComesBackBySegmentsThatWereWrittenAnew() throws Exception {
        try (TestCluster cluster = cluster()) {
            cluster.startAll();
            create(cluster, "orders", TopicSettings.getDefaultInstance());
            create(cluster, "gone", TopicSettings.getDefaultInstance());
            String away = cluster.follower();
            cluster.stop(away);
            for (int k = 0; k < 12; k++) {
                append(cluster, "gone", 3);
                append(cluster, "orders", 1);
            }
            TopicsGrpc.TopicsBlockingStub topics = TopicsGrpc.newBlockingStub(cluster.channel(cluster.awaitLeader()));
            topics.deleteTopic(DeleteTopicRequest.newBuilder().setName("gone").build());
            topics.deleteEvent(DeleteEventRequest.newBuilder()
                    .setTopic("orders")
                    .setPosition(3)
                    .build());
            for (String id : running(cluster, away)) {
                cluster.running(id).log().takeSnapshot().get(60, TimeUnit.SECONDS);
                Await.until("segments are written anew on " + id, () -> keptBytes(cluster, id) < 24L * EVENT_BYTES);
            }

            cluster.start(away);

            assertThat(read(cluster, away, "orders", 1)).hasSize(12);
            assertThat(cluster.running(away).state().kept().segments()).anyMatch(segment -> segment.packed());
            String leader = cluster.awaitLeader();
            Await.until(
                    "equal states",
                    () -> cluster.running(away)
                            .state()
                            .digest()
                            .equals(cluster.running(leader).state().digest()));
            cluster.stopAll();
            cluster.startAll();
            assertThat(read(cluster, away, "orders", 1)).hasSize(12);
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    @Test
    void compactedTopicGivesItsSpaceBackAndAllNodesHaveTheSame() throws Exception {
        try (TestCluster cluster = cluster()) {
            cluster.startAll();
            create(
                    cluster,
                    "prices",
                    TopicSettings.newBuilder().setCompactKeys(true).build());
            append(cluster, "prices", "gold", 40);
            Await.until(
                    "the index has one event of the key",
                    () -> read(cluster, "n1", byKey("prices", "gold")).equals(List.of(40L)));
            append(cluster, "prices", "silver", 6);
            snapshots(cluster);
            for (String id : cluster.ids()) {
                Await.until("space is given back on " + id, () -> keptBytes(cluster, id) < 16L * EVENT_BYTES);
            }
            assertThat(read(cluster, "n3", "prices", 1)).hasSize(46);
            Await.until(
                    "equal states",
                    () -> cluster.ids().stream()
                                    .map(id -> cluster.running(id).state().digest())
                                    .distinct()
                                    .count()
                            == 1);
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    private static ReadRequest byKey(String topic, String key) {
        return ReadRequest.newBuilder().setTopic(topic).setKey(key).build();
    }

    @Test
    void settingsRemoveWhatIsTooMuchWithoutBeingAsked() throws Exception {
        try (TestCluster cluster = cluster()) {
            cluster.startAll();
            create(
                    cluster,
                    "short",
                    TopicSettings.newBuilder().setRetainEvents(3).build());
            append(cluster, "short", 10);
            Await.until(
                    "the oldest are removed",
                    () -> TopicsGrpc.newBlockingStub(cluster.channel("n1"))
                                    .getTopic(GetTopicRequest.newBuilder()
                                            .setName("short")
                                            .build())
                                    .getFirst()
                            == 8);
        }
    }

    @Test
    void scavengersStopAndStartWhenTheyAreTold() throws Exception {
        try (TestCluster cluster = cluster()) {
            cluster.startAll();
            var stub = ClusterGrpc.newBlockingStub(cluster.channel("n1"));
            ScavengeRequest stop = ScavengeRequest.newBuilder()
                    .setAction(ScavengeRequest.Action.STOP)
                    .build();
            assertThat(stub.scavenge(stop).getNodesList()).containsExactlyInAnyOrder("n1", "n2", "n3");
            Await.until(
                    "all are stopped",
                    () -> states(cluster).stream().allMatch(state -> state == ScavengeView.State.STOPPED));
            assertThat(stub.scavenge(ScavengeRequest.newBuilder().setNode("n2").build())
                            .getNodesList())
                    .containsExactly("n2");
            Await.until(
                    "one goes on",
                    () -> states(cluster).stream()
                                    .filter(state -> state == ScavengeView.State.STOPPED)
                                    .count()
                            == 2);
        }
    }

    private static List<ScavengeView.State> states(TestCluster cluster) {
        return cluster.view("n1").getNodesList().stream()
                .map(NodeView::getScavenge)
                .map(ScavengeView::getState)
                .toList();
    }

    private static List<String> running(TestCluster cluster, String away) {
        return cluster.ids().stream().filter(id -> !id.equals(away)).toList();
    }

    private static void snapshots(TestCluster cluster) throws Exception {
        for (String id : cluster.ids()) {
            cluster.running(id).log().takeSnapshot().get(60, TimeUnit.SECONDS);
        }
    }

    private static void create(TestCluster cluster, String topic, TopicSettings settings) {
        TopicsGrpc.newBlockingStub(cluster.channel("n1"))
                .createTopic(CreateTopicRequest.newBuilder()
                        .setName(topic)
                        .setSettings(settings)
                        .build());
    }

    /** Bytes of chance, one event an append. */
    private void append(TestCluster cluster, String topic, int events) throws Exception {
        append(cluster, topic, "", events);
    }

    private void append(TestCluster cluster, String topic, String key, int events) throws Exception {
        var log = LogGrpc.newBlockingStub(cluster.channel(cluster.awaitLeader()));
        for (int k = 0; k < events; k++) {
            byte[] payload = new byte[EVENT_BYTES];
            random.nextBytes(payload);
            log.append(AppendRequest.newBuilder()
                    .setTopic(topic)
                    .setEvents(Events.newBuilder()
                            .addEvents(Event.newBuilder().setKey(key).setPayload(ByteString.copyFrom(payload))))
                    .build());
        }
    }

    private static List<Long> read(TestCluster cluster, String node, String topic, long from) {
        return read(
                cluster,
                node,
                ReadRequest.newBuilder().setTopic(topic).setFrom(from).build());
    }

    private static List<Long> read(TestCluster cluster, String node, ReadRequest request) {
        Iterator<ReadFrame> frames =
                LogGrpc.newBlockingStub(cluster.channel(node)).read(request);
        List<Long> positions = new ArrayList<>();
        frames.forEachRemaining(
                frame -> frame.getEvents().getEventsList().forEach(event -> positions.add(event.getPosition())));
        return positions;
    }

    private static long keptBytes(TestCluster cluster, String node) {
        while (true) {
            try (Stream<Path> files = Files.list(cluster.dataDirectory(node).resolve("state/kept"))) {
                long bytes = 0;
                for (Path file : files.toList()) {
                    bytes += Files.size(file);
                }
                return bytes;
            } catch (NoSuchFileException e) {
                // It was written anew just now: once more.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
