package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.v1.NodeView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a node from starting, or from being ready. */
final class StartTest {
    @TempDir
    Path root;

    @Test
    void portInUseIsSaidInOneSentence() throws Exception {
        for (String door : List.of("grpc", "http")) {
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    TestCluster cluster = new TestCluster(root.resolve(door), 1)) {
                NodeConfig config = cluster.config("n1", door + ".port=" + taken.getLocalPort());
                try (Node node = new Node(config, Clock.systemUTC(), (why, cause) -> {})) {
                    assertThatThrownBy(node::start)
                            .isInstanceOf(StartException.class)
                            .hasMessageContaining(String.valueOf(taken.getLocalPort()))
                            .hasMessageContaining("in use");
                }
                cluster.start("n1"); // nothing was left locked or listening
            }
        }
    }

    @Test
    void firstStartWaitsForTheOthers() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3)) {
            CompletableFuture<Void> two = cluster.startWithoutWaiting("n1", "n2");
            assertThatThrownBy(() -> two.get(2, TimeUnit.SECONDS))
                    .as("two of three can't know whether the third was a member")
                    .isInstanceOf(TimeoutException.class);
            assertThat(health(cluster, "n1", "live").statusCode())
                    .as("who waits is alive")
                    .isEqualTo(200);
            assertThat(health(cluster, "n1", "ready").statusCode()).isEqualTo(503);
            assertThat(health(cluster, "n1", "ready").body()).contains("waiting for the other nodes");

            cluster.start("n3");

            two.get(60, TimeUnit.SECONDS);
            assertThat(cluster.awaitLeader()).isIn(cluster.ids());
        }
    }

    @Test
    void nodeOfAnotherClusterIsRefused() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 2)) {
            cluster.startAll();
            cluster.stop("n2");
            delete(cluster.dataDirectory("n2"));
            NodeConfig other = cluster.config("n2", "cluster.id=other");
            try (Node node = new Node(other, Clock.systemUTC(), (why, cause) -> {})) {
                assertThatThrownBy(node::start)
                        .isInstanceOf(StartException.class)
                        .hasMessageContaining("Node n1 belongs to cluster eckermann, this node n2 to other");
            }
        }
    }

    @Test
    void nodesOfTwoClustersDoNotStartTogether() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 2)) {
            CompletableFuture<Void> right = cluster.startWithoutWaiting("n1");
            NodeConfig other = cluster.config("n2", "cluster.id=other");
            try (Node node = new Node(other, Clock.systemUTC(), (why, cause) -> {})) {
                CompletableFuture<Void> wrong = CompletableFuture.runAsync(() -> {
                    try {
                        node.start();
                    } catch (StartException | InterruptedException e) {
                        throw new CompletionException(e);
                    }
                });

                // Whoever asks first learns it, and is gone before the other can ask.
                assertThatThrownBy(() -> CompletableFuture.anyOf(right, wrong).get(60, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(StartException.class)
                        .hasMessageContaining("belongs to cluster")
                        .hasMessageContaining("n1")
                        .hasMessageContaining("n2");
            }
        }
    }

    @Test
    void nodeWhoseClockIsFarOffIsNotReadyAndDoesNotLead() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3)) {
            cluster.clock("n2", Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-2)));
            cluster.startWithoutWaiting("n1", "n2", "n3").get(60, TimeUnit.SECONDS);

            Await.until(
                    "n2 knows its clock is off",
                    () -> view(cluster, "n2").getNotReadyReason().contains("clock is 1"));
            Await.until(
                    "n1 or n3 leads",
                    () -> List.of("n1", "n3").contains(cluster.view("n1").getLeader()));
            cluster.node("n1").ready().get(60, TimeUnit.SECONDS);
            cluster.node("n3").ready().get(60, TimeUnit.SECONDS);
            assertThat(view(cluster, "n2").getReady()).isFalse();
            Await.until(
                    "n1 sees how far n2 is off",
                    () -> cluster.view("n1").getNodes(1).getClockOffsetNs()
                            < Duration.ofSeconds(-110).toNanos());
        }
    }

    private static NodeView view(TestCluster cluster, String id) {
        return cluster.view(id).getNodesList().stream()
                .filter(node -> node.getId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static HttpResponse<String> health(TestCluster cluster, String node, String what) throws Exception {
        URI uri = URI.create("http://" + cluster.httpAddress(node) + "/healthz/" + what);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
