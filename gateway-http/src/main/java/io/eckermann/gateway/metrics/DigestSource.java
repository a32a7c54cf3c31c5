package io.eckermann.gateway.metrics;

import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.StateDigestView;
import io.eckermann.protocol.v1.StateDigestView.Verdict;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether the nodes' states agree, as this node sees it; of each shard at the last entry of which a node has told. */
public final class DigestSource implements Source {
    private final String self;
    private final int shards;
    private final Supplier<ClusterView> view;

    /** @param view with verdicts */
    public DigestSource(String self, int shards, Supplier<ClusterView> view) {
        this.self = self;
        this.shards = shards;
        this.view = view;
    }

    @Override
    public void tell(Samples samples) {
        ClusterView now = view.get();
        for (int shard = 0; shard < shards; shard++) {
            tell(samples, now, shard);
        }
    }

    private void tell(Samples samples, ClusterView now, int shard) {
        long own = 0;
        int differing = 0;
        int split = 0;
        for (NodeView node : now.getNodesList()) {
            Optional<StateDigestView> last = last(node, shard);
            if (last.isPresent()) {
                own = node.getId().equals(self) ? last.get().getRaftIndex() : own;
                differing += last.get().getVerdict() == Verdict.DIFFERS ? 1 : 0;
                split = last.get().getVerdict() == Verdict.NO_MAJORITY ? 1 : split;
            }
        }
        String[] labels = {"shard", Integer.toString(shard)};
        samples.gauge(
                "eckermann_state_digest_index",
                "The last entry at which this node worked out what its state comes to.",
                own,
                labels);
        samples.gauge(
                "eckermann_state_digest_differing_nodes",
                "Nodes whose state differs from that of a majority.",
                differing,
                labels);
        samples.gauge(
                "eckermann_state_digest_without_majority",
                "1 when no majority of the nodes has the same state.",
                split,
                labels);
    }

    private static Optional<StateDigestView> last(NodeView node, int shard) {
        return node.getDigestsList().stream()
                .filter(digest -> digest.getShard() == shard)
                .reduce((earlier, later) -> later);
    }
}
