package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.DrainRequest;
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
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that come and go, and who leads meanwhile. */
final class MembershipTest {
    private static final String BY_ITSELF = "cluster.join-by-itself=true";

    @TempDir
    Path root;

    @Test
    void leaderGoesWhenItIsToldToAndWhenItsNodeDrains() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3)) {
            cluster.startAll();
            String first = cluster.awaitLeader();
            String next = cluster.follower();

            assertThat(cluster(cluster, first)
                            .transferLeadership(TransferLeadershipRequest.newBuilder()
                                    .setNode(next)
                                    .build())
                            .getLeader())
                    .isEqualTo(next);
            assertThat(send(cluster, next, "POST", "/v1/cluster/nodes/" + next + "/drain")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(send(cluster, next, "GET", "/healthz/ready").body()).contains("draining");
            Await.until("another leads", () -> !cluster.awaitLeader().equals(next));

            var unused = cluster(cluster, first)
                    .drain(DrainRequest.newBuilder()
                            .setNode(next)
                            .setResume(true)
                            .build());
            Await.until(
                    "it is ready again",
                    () -> send(cluster, next, "GET", "/healthz/ready").statusCode() == 200);
        }
    }

    @Test
    void oneNodeBecomesThreeAndTheFirstOneGoes() throws Exception {
        oneNodeBecomesThreeAndTheFirstOneGoes(1);
    }

    /** Not in every build, as it takes long: -Dshards.members=true. */
    @Test
    @EnabledIfSystemProperty(named = "shards.members", matches = "true")
    void membersChangeInAllShards() throws Exception {
        oneNodeBecomesThreeAndTheFirstOneGoes(3);
    }

    private void oneNodeBecomesThreeAndTheFirstOneGoes(int shards) throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3, "shards=" + shards)) {
            cluster.startWith("n1", cluster.nodes("n1")).get(60, TimeUnit.SECONDS);
            cluster.node("n1").ready().get(60, TimeUnit.SECONDS);
            append(cluster, "n1");

            cluster.startWith("n2", cluster.nodes("n1", "n2"), BY_ITSELF).get(60, TimeUnit.SECONDS);
            cluster.node("n2").ready().get(60, TimeUnit.SECONDS);
            cluster.startWith("n3", cluster.nodes("n1", "n2", "n3")).get(60, TimeUnit.SECONDS);
            assertThat(change(cluster, "n2", ChangeMembersRequest.newBuilder().setAdd(cluster.grpcAddress("n3"))))
                    .containsExactly("n1", "n2", "n3");
            cluster.node("n3").ready().get(60, TimeUnit.SECONDS);

            assertThat(change(cluster, "n3", ChangeMembersRequest.newBuilder().setRemove("n1")))
                    .containsExactly("n2", "n3");
            cluster.node("n1").removed().get(60, TimeUnit.SECONDS);
            cluster.stop("n1");
            assertThat(cluster.failStops()).isEmpty();
            assertThatThrownBy(
                            () -> cluster.startWith("n1", cluster.nodes("n1")).get(60, TimeUnit.SECONDS))
                    .hasMessageContaining("Node n1 was removed from the cluster");

            append(cluster, "n3");
            assertThat(head(cluster, "n2")).isEqualTo(2);
            assertThatThrownBy(() -> change(
                            cluster, "n2", ChangeMembersRequest.newBuilder().setRemove("n1")))
                    .hasMessageContaining("no such node");

            // Its id is known to all though it never had to greet them.
            delete(cluster.dataDirectory("n1"));
            cluster.startWith("n1", BY_ITSELF).get(60, TimeUnit.SECONDS);
            cluster.node("n1").ready().get(60, TimeUnit.SECONDS);
            Await.until("n2 knows three nodes", () -> ids(cluster, "n2").size() == 3);
            assertThat(ids(cluster, "n2")).doesNotContain("n1").anyMatch(id -> id.startsWith("n1~"));
        }
    }

    @Test
    void wipedNodeComesBackAsAnother() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3)) {
            cluster.startAll();
            append(cluster, "n1");
            cluster.stop("n3");
            delete(cluster.dataDirectory("n3"));

            CompletableFuture<Void> again = cluster.startWith("n3", BY_ITSELF);
            again.get(60, TimeUnit.SECONDS);
            cluster.node("n3").ready().get(60, TimeUnit.SECONDS);

            // The others hear of the new list a moment after the node that is in it.
            Await.until("all know three nodes", () -> ids(cluster).size() == 3);
            assertThat(ids(cluster)).doesNotContain("n3");
            assertThat(ids(cluster).get(2)).startsWith("n3~");
            assertThat(head(cluster, "n3")).isEqualTo(1);
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    private static List<String> ids(TestCluster cluster) {
        return ids(cluster, "n1");
    }

    private static List<String> ids(TestCluster cluster, String node) {
        return cluster.view(node).getNodesList().stream().map(NodeView::getId).toList();
    }

    private static void append(TestCluster cluster, String node) {
        var topic = TopicsGrpc.newBlockingStub(cluster.channel(node))
                .createTopic(CreateTopicRequest.newBuilder().setName("orders").build());
        assertThat(topic.getTopic().getName()).isEqualTo("orders");
        AppendRequest.Builder request = AppendRequest.newBuilder().setTopic("orders");
        request.getEventsBuilder().addEventsBuilder();
        assertThat(LogGrpc.newBlockingStub(cluster.channel(node))
                        .append(request.build())
                        .getFirst())
                .isPositive();
    }

    private static long head(TestCluster cluster, String node) {
        return LogGrpc.newBlockingStub(cluster.channel(node))
                .getHead(GetHeadRequest.newBuilder().setTopic("orders").build())
                .getHead();
    }

    private static List<String> change(TestCluster cluster, String node, ChangeMembersRequest.Builder request) {
        return cluster(cluster, node)
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .changeMembers(request.build())
                .getMembersList();
    }

    private static ClusterGrpc.ClusterBlockingStub cluster(TestCluster cluster, String node) {
        return ClusterGrpc.newBlockingStub(cluster.channel(node));
    }

    private static HttpResponse<String> send(TestCluster cluster, String node, String method, String path)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(node) + path))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
