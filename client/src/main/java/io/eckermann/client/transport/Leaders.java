package io.eckermann.client.transport;

import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.ShardView;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who leads, as far as nodes have told: the only shard, or each of several. A topic's shard never changes, so it is asked
 * for once. Any thread may call.
 */
final class Leaders {
    private static final int TOPICS_MAX = 100_000;

    /** The gRPC door of a shard's leader, and since which term it leads. */
    private record Leader(String address, long term) {}

    private final Map<Integer, Leader> leaders = new ConcurrentHashMap<>();
    private final Map<String, Integer> shards = new ConcurrentHashMap<>();
    private volatile boolean several;

    /** Whether there is more than one shard. */
    boolean areSeveral() {
        return several;
    }

    /** The address of the one to whom a topic's appends go; null when it is not known. */
    @Nullable
    String of(String topic) {
        Integer shard = several ? shards.get(topic) : Integer.valueOf(0);
        Leader leader = shard == null ? null : leaders.get(shard);
        return leader == null ? null : leader.address();
    }

    /** The address was not a leader's, or did not answer. */
    void forget(String address) {
        leaders.values().removeIf(leader -> leader.address().equals(address));
    }

    /** Who leads the topic's shard as the view has it, the first shard for one that the view says nothing of; may be null. */
    static @Nullable String in(ClusterView view) {
        int shard = view.getTopicShard();
        return shard < view.getShardsCount()
                ? address(view, view.getShards(shard).getLeader())
                : address(view, view.getLeader());
    }

    private static @Nullable String address(ClusterView view, String leader) {
        return view.getNodesList().stream()
                .filter(node ->
                        node.getId().equals(leader) && !node.getGrpcAddress().isEmpty())
                .map(NodeView::getGrpcAddress)
                .findFirst()
                .orElse(null);
    }

    /** Takes in all that the view says, unless something newer was said. */
    void learn(ClusterView view, String topic) {
        several = view.getShardsCount() > 1;
        if (!several) {
            lead(0, address(view, view.getLeader()), view.getTerm());
            return;
        }
        for (ShardView shard : view.getShardsList()) {
            lead(shard.getShard(), address(view, shard.getLeader()), shard.getTerm());
        }
        if (view.hasTopicShard()) {
            if (shards.size() >= TOPICS_MAX) {
                shards.clear();
            }
            shards.put(topic, view.getTopicShard());
        }
    }

    private void lead(int shard, @Nullable String address, long term) {
        if (address != null) {
            Leader now = new Leader(address, term);
            leaders.merge(shard, now, (before, next) -> next.term() >= before.term() ? next : before);
        }
    }
}
