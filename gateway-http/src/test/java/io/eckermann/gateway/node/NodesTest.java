package io.eckermann.gateway.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.Producer;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.eckermann.statemachine.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real clusters over plain gRPC. */
final class NodesTest {
    private static final String TOPIC = "orders";

    @TempDir
    Path root;

    @Test
    void appendOnAFollowerIsReadOnEveryNode() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3)) {
            cluster.startAll();
            createTopic(cluster, cluster.follower());

            AppendResponse first = append(cluster, cluster.follower(), "a", "b");
            AppendResponse second = append(cluster, cluster.awaitLeader(), "c");

            assertThat(first.getFirst()).isEqualTo(1);
            assertThat(first.getLast()).isEqualTo(2);
            assertThat(second.getFirst()).isEqualTo(3);
            for (String id : cluster.ids()) {
                assertThat(read(cluster, id)).as(id).containsExactly("a", "b", "c");
            }
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    @Test
    void restartOfAllKeepsEverything() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3)) {
            cluster.startAll();
            createTopic(cluster, "n1");
            append(cluster, "n2", "a", "b");
            cluster.stopAll();

            cluster.startAll();

            append(cluster, "n3", "c");
            for (String id : cluster.ids()) {
                assertThat(read(cluster, id)).as(id).containsExactly("a", "b", "c");
            }
            awaitEqualDigests(cluster);
        }
    }

    @Test
    void theOthersGoOnWithoutTheLeader() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3)) {
            cluster.startAll();
            createTopic(cluster, "n1");
            append(cluster, "n1", "a");
            String leader = cluster.awaitLeader();

            cluster.stop(leader);

            String other = cluster.follower();
            append(cluster, other, "b");
            assertThat(read(cluster, other)).containsExactly("a", "b");

            cluster.start(leader);
            assertThat(read(cluster, leader)).containsExactly("a", "b");
        }
    }

    @Test
    void nodeThatWasDownPastThePurgeComesBackBySnapshot() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3, "raft.segment-size=1MiB", "raft.entries-kept=1")) {
            cluster.startAll();
            createTopic(cluster, "n1");
            append(cluster, "n1", "a");
            String away = cluster.follower();
            cluster.stop(away);

            String big = textThatDoesNotShrinkMuch(400_000);
            List<String> texts = new ArrayList<>(List.of("a"));
            for (int i = 0; i < 12; i++) {
                append(cluster, cluster.awaitLeader(), big + i);
                texts.add(big + i);
            }
            long purgedTo = 0;
            for (String id : cluster.ids()) {
                if (!id.equals(away)) {
                    purgedTo = cluster.running(id).log().takeSnapshot().get(60, TimeUnit.SECONDS);
                }
            }
            cluster.start(away);

            assertThat(read(cluster, away)).isEqualTo(texts);
            Snapshot fetched = cluster.running(away).state().latestSnapshot();
            assertThat(fetched).as("what it fetched is its snapshot now").isNotNull();
            assertThat(requireNonNull(fetched).at().index()).isGreaterThanOrEqualTo(purgedTo - 1);
            awaitEqualDigests(cluster);
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    private static String textThatDoesNotShrinkMuch(int length) {
        return new Random(length)
                .ints(length, ' ', '~')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    static void createTopic(TestCluster cluster, String node) {
        TopicsGrpc.newBlockingStub(cluster.channel(node))
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .createTopic(CreateTopicRequest.newBuilder().setName(TOPIC).build());
    }

    static AppendResponse append(TestCluster cluster, String node, String... texts) {
        Events.Builder events = Events.newBuilder();
        for (String text : texts) {
            events.addEvents(Event.newBuilder().setPayload(ByteString.copyFromUtf8(text)));
        }
        AppendRequest request = AppendRequest.newBuilder()
                .setTopic(TOPIC)
                .setEvents(events)
                .setProducer(Producer.newBuilder()
                        .setId(UUID.randomUUID().toString())
                        .setSequence(1))
                .build();
        // Not tried again here: while leadership changes hands the node called does that, as the sequence is taken
        // once.
        return LogGrpc.newBlockingStub(cluster.channel(node))
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .append(request);
    }

    static List<String> read(TestCluster cluster, String node) {
        Iterator<ReadFrame> frames = LogGrpc.newBlockingStub(cluster.channel(node))
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .read(ReadRequest.newBuilder().setTopic(TOPIC).setFrom(1).build());
        List<String> texts = new ArrayList<>();
        frames.forEachRemaining(frame -> frame.getEvents()
                .getEventsList()
                .forEach(event -> texts.add(event.getEvent().getPayload().toStringUtf8())));
        return texts;
    }

    static void awaitEqualDigests(TestCluster cluster) throws Exception {
        Await.until(
                "equal digests",
                () -> cluster.ids().stream()
                                .map(id -> cluster.running(id).state().digest())
                                .distinct()
                                .count()
                        == 1);
    }
}
