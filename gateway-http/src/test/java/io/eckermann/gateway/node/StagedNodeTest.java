package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.eckermann.protocol.v1.TransferLeadershipRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fourth node is sent what three hold, so slowly that much can happen meanwhile. */
final class StagedNodeTest {
    private static final int EVENT_BYTES = 100_000;
    private static final int EVENTS_BEFORE = 10;

    private final Random random = new Random(4);

    @TempDir
    Path root;

    @Test
    void nodeThatIsStillSentWhatTheOthersHoldCountsForNothingAndMayDie() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 4)) {
            String three = cluster.nodes("n1", "n2", "n3");
            // As slow as a large state is with the usual speed; the others send as fast as they can.
            CompletableFuture.allOf(
                            cluster.startWith("n1", three, "snapshot.speed=16KiB"),
                            cluster.startWith("n2", three),
                            cluster.startWith("n3", three))
                    .get(60, TimeUnit.SECONDS);
            lead(cluster, "n1");
            TopicsGrpc.newBlockingStub(cluster.channel("n1"))
                    .createTopic(
                            CreateTopicRequest.newBuilder().setName("orders").build());
            appendUpTo(cluster, "n1", EVENTS_BEFORE);

            cluster.startWith("n4").get(60, TimeUnit.SECONDS);
            CompletableFuture<List<String>> added = adding(cluster, "n2", "n4");
            Await.until("it is sent what the others hold", () -> isBeingSent(cluster.dataDirectory("n4")));
            otherChangesAreRefusedByAllDoors(cluster);
            leadershipStaysMeanwhile(cluster);

            cluster.stop("n3");
            appendUpTo(cluster, "n1", 2 * EVENTS_BEFORE);
            assertThat(ids(cluster, "n1"))
                    .as("members, while two of three append")
                    .containsExactly("n1", "n2", "n3");
            assertThat(isBeingSent(cluster.dataDirectory("n4"))).as("still").isTrue();
            assertThat(added).isNotDone();

            cluster.stop("n4");
            appendUpTo(cluster, "n2", 3 * EVENTS_BEFORE);
            cluster.startWith("n3", three).get(60, TimeUnit.SECONDS);
            cluster.stop("n1");
            cluster.awaitLeader();
            appendUpTo(cluster, "n3", 4 * EVENTS_BEFORE);
            assertThat(ids(cluster, "n2")).as("members, after it died").containsExactly("n1", "n2", "n3");

            cluster.startWith("n4").get(60, TimeUnit.SECONDS);
            assertThat(added.get(60, TimeUnit.SECONDS)).containsExactly("n1", "n2", "n3", "n4");
            assertThat(adding(cluster, "n3", "n4").get(60, TimeUnit.SECONDS)).containsExactly("n1", "n2", "n3", "n4");
            cluster.node("n4").ready().get(60, TimeUnit.SECONDS);
            appendUpTo(cluster, "n4", 4 * EVENTS_BEFORE + 1);
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    private static void otherChangesAreRefusedByAllDoors(TestCluster cluster) throws Exception {
        for (String door : List.of("n1", "n3")) {
            assertThatThrownBy(() -> ClusterGrpc.newBlockingStub(cluster.channel(door))
                            .changeMembers(ChangeMembersRequest.newBuilder()
                                    .setRemove("n2")
                                    .build()))
                    .hasMessageContaining("Another change of members is under way: wait until it is done.");
        }
        HttpResponse<String> refused = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("http://" + cluster.httpAddress("n2") + "/v1/cluster/nodes/n3"))
                                .DELETE()
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("MEMBERS_CHANGING").contains("wait until it is done");
    }

    private static void leadershipStaysMeanwhile(TestCluster cluster) {
        assertThatThrownBy(() -> transferred(cluster, "n3"))
                .hasMessageContaining("Leadership can't be handed on while members change: wait until that is done.");
        assertThat(cluster.view("n2").getLeader()).isEqualTo("n1");
    }

    private static void lead(TestCluster cluster, String id) throws Exception {
        for (String each : List.of("n1", "n2", "n3")) {
            cluster.node(each).ready().get(60, TimeUnit.SECONDS);
        }
        assertThat(transferred(cluster, id)).isEqualTo(id);
    }

    private static String transferred(TestCluster cluster, String to) {
        return ClusterGrpc.newBlockingStub(cluster.channel("n2"))
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .transferLeadership(
                        TransferLeadershipRequest.newBuilder().setNode(to).build())
                .getLeader();
    }

    private static CompletableFuture<List<String>> adding(TestCluster cluster, String door, String id) {
        return CompletableFuture.supplyAsync(() -> ClusterGrpc.newBlockingStub(cluster.channel(door))
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .changeMembers(ChangeMembersRequest.newBuilder()
                        .setAdd(cluster.grpcAddress(id))
                        .build())
                .getMembersList());
    }

    private static boolean isBeingSent(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.anyMatch(file -> file.toString().endsWith(".part"));
        }
    }

    private static List<String> ids(TestCluster cluster, String node) {
        return cluster.view(node).getNodesList().stream().map(NodeView::getId).toList();
    }

    /** One after the other, none of which may take long. */
    private void appendUpTo(TestCluster cluster, String node, long last) {
        var log = LogGrpc.newBlockingStub(cluster.channel(node));
        long head = log.getHead(GetHeadRequest.newBuilder().setTopic("orders").build())
                .getHead();
        for (long position = head + 1; position <= last; position++) {
            byte[] payload = new byte[EVENT_BYTES];
            random.nextBytes(payload);
            assertThat(log.withDeadlineAfter(5, TimeUnit.SECONDS)
                            .append(AppendRequest.newBuilder()
                                    .setTopic("orders")
                                    .setEvents(Events.newBuilder()
                                            .addEvents(Event.newBuilder().setPayload(ByteString.copyFrom(payload))))
                                    .build())
                            .getLast())
                    .isEqualTo(position);
        }
    }
}
