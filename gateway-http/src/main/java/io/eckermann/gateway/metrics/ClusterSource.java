package io.eckermann.gateway.metrics;

import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.MachineView;
import io.eckermann.protocol.v1.NodeView;
import java.util.function.Supplier;

/** All nodes as this one has last heard of them: so one node that is scraped tells of those that are not. */
public final class ClusterSource implements Source {
    private static final double NS_PER_SECOND = 1e9;

    private final Supplier<ClusterView> view;

    public ClusterSource(Supplier<ClusterView> view) {
        this.view = view;
    }

    @Override
    public void tell(Samples samples) {
        ClusterView now = view.get();
        samples.gauge(
                "eckermann_cut_off",
                "Whether this node knows no leader and reaches too few others for a majority.",
                now.getCutOff() ? 1 : 0);
        for (NodeView node : now.getNodesList()) {
            gauge(samples, node, "reachable", "Whether the node has answered this one lately.", node.getReachable());
            gauge(samples, node, "ready", "Whether the node says that it can serve.", node.getReady());
            if (node.getReachable()) {
                tell(samples, node);
            }
        }
    }

    private static void tell(Samples samples, NodeView node) {
        samples.gauge(
                "eckermann_node_version",
                "Always 1; says which version the node is.",
                1,
                "node",
                node.getId(),
                "version",
                node.getVersion());
        gauge(
                samples,
                node,
                "clock_offset_seconds",
                "How far the node's clock is ahead of this one's.",
                node.getClockOffsetNs() / NS_PER_SECOND);
        gauge(samples, node, "disk_free_bytes", "Free where the node's data is.", node.getDiskFreeBytes());
        gauge(samples, node, "disk_total_bytes", "Of that filesystem.", node.getDiskTotalBytes());
        MachineView machine = node.getMachine();
        gauge(samples, node, "heap_used_bytes", "Heap that the node uses.", machine.getHeapUsedBytes());
        gauge(samples, node, "heap_max_bytes", "Heap that the node may use.", machine.getHeapMaxBytes());
        gauge(samples, node, "resident_bytes", "Memory that the node's process holds.", machine.getResidentBytes());
        gauge(samples, node, "load", "Average load of the node's machine in the last minute.", machine.getLoad());
    }

    private static void gauge(Samples samples, NodeView node, String what, String help, boolean value) {
        gauge(samples, node, what, help, value ? 1.0 : 0.0);
    }

    private static void gauge(Samples samples, NodeView node, String what, String help, long value) {
        gauge(samples, node, what, help, (double) value);
    }

    private static void gauge(Samples samples, NodeView node, String what, String help, double value) {
        samples.gauge("eckermann_node_" + what, help, value, "node", node.getId());
    }
}
