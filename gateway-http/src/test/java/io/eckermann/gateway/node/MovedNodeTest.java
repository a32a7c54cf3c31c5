package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.cluster.ClusterHandler;
import io.eckermann.protocol.v1.TransferLeadershipRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes that DNS names, of which one comes back at other ports. Their ids are the first labels of names that every machine
 * knows. Not in every build, as it takes long: -Dshards.members=true.
 */
@EnabledIfSystemProperty(named = "shards.members", matches = "true")
final class MovedNodeTest {
    private static final String STAYS = "127";
    private static final String MOVES = "localhost";

    @TempDir
    Path root;

    private final List<Node> nodes = new ArrayList<>();
    private final List<String> failStops = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(Node::close);
    }

    @Test
    void aNodeThatComesBackAtOtherPortsIsFoundAgain() throws Exception {
        try (HeldPorts held = new HeldPorts(9);
                TestDns dns = new TestDns()) {
            List<Integer> ports = held.numbers();
            dns.name("127.0.0.1", ports.get(0), ports.get(1), ports.get(2));
            dns.name(MOVES, ports.get(3), ports.get(4), ports.get(5));
            CompletableFuture<Node> starting = CompletableFuture.supplyAsync(() -> started(dns, STAYS));
            Node moves = started(dns, MOVES);
            Node stays = starting.get(60, TimeUnit.SECONDS);
            stays.ready().get(60, TimeUnit.SECONDS);
            moves.ready().get(60, TimeUnit.SECONDS);

            moves.close();
            dns.name(MOVES, ports.get(6), ports.get(7), ports.get(8));
            Node back = started(dns, MOVES);
            back.ready().get(60, TimeUnit.SECONDS);
            // To be elected, the other node must reach it.
            assertThat(cluster(back)
                            .commands()
                            .transfer(
                                    TransferLeadershipRequest.newBuilder()
                                            .setNode(STAYS)
                                            .build(),
                                    Duration.ofSeconds(30))
                            .get(60, TimeUnit.SECONDS)
                            .getLeader())
                    .isEqualTo(STAYS);
            Await.until(
                    "the other node has found its doors, too", () -> seen(stays).contains("true " + ports.get(8)));
            assertThat(failStops).isEmpty();
        }
    }

    /** Which nodes are ready, and at which HTTP port. */
    private static List<String> seen(Node node) {
        return cluster(node).view().getNodesList().stream()
                .map(each -> each.getReady() + " "
                        + each.getHttpAddress().substring(each.getHttpAddress().lastIndexOf(':') + 1))
                .toList();
    }

    private static ClusterHandler cluster(Node node) {
        return Objects.requireNonNull(node.running()).cluster();
    }

    private Node started(TestDns dns, String id) {
        try {
            Node node = new Node(
                    NodeConfig.load(
                            null,
                            Map.of(),
                            List.of(
                                    "nodes=" + dns.setting(2),
                                    "node.id=" + id,
                                    "node.data-directory=" + root.resolve(id),
                                    "raft.election-timeout-min=600ms",
                                    "raft.election-timeout-max=1200ms",
                                    "shutdown.timeout=500ms")),
                    Clock.systemUTC(),
                    (why, cause) -> failStops.add(id + ": " + why));
            synchronized (nodes) {
                nodes.add(node);
            }
            node.start();
            return node;
        } catch (ConfigException | StartException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
