package io.eckermann.bench.system;

import io.eckermann.client.ClusterStatus;
import io.eckermann.client.NodeStatus;
import io.eckermann.client.cli.local.ClusterDirectory;
import io.eckermann.client.cli.local.LocalCluster;
import io.eckermann.client.cli.local.LocalNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Three nodes that were started here. */
final class EckermannCluster extends EckermannEndpoints {
    private static final long LOOK_AGAIN_MS = 100;

    private final LocalCluster cluster;
    private final ClusterDirectory home;

    EckermannCluster(LocalCluster cluster, ClusterDirectory home) {
        super(
                cluster.grpcAddresses(),
                cluster.nodes().stream().map(LocalNode::httpAddress).toList());
        this.cluster = cluster;
        this.home = home;
    }

    /** Waits until every node is ready and a leader is known. */
    void awaitReady(Duration atMost) throws Exception {
        long end = System.nanoTime() + atMost.toNanos();
        while (!isReady()) {
            if (System.nanoTime() > end) {
                throw new TimeoutException(
                        "The nodes in " + home.root() + " are not ready after " + atMost.toSeconds() + " s.");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
        }
        rememberTerm();
    }

    @Override
    public List<Long> pids() {
        return cluster.nodes().stream().map(node -> cluster.pid(node.id())).toList();
    }

    @Override
    public int leaderOf(String topic) throws Exception {
        String leader = status().leader().orElseThrow(() -> new IllegalStateException("No leader is known."));
        return cluster.nodes().stream().map(LocalNode::id).toList().indexOf(leader);
    }

    @Override
    public void kill(int node) {
        cluster.kill(cluster.nodes().get(node).id());
    }

    @Override
    public void close() {
        super.close();
        cluster.close();
        home.close();
    }

    private boolean isReady() throws InterruptedException {
        if (cluster.ready().size() < cluster.nodes().size()) {
            return false;
        }
        try {
            ClusterStatus status = status();
            return status.leader().isPresent() && status.nodes().stream().allMatch(NodeStatus::ready);
        } catch (java.util.concurrent.ExecutionException e) {
            return false;
        }
    }
}
