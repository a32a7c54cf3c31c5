package io.eckermann.client;

import java.util.List;
import java.util.Optional;

/**
 * One of the cluster's shards as a node sees it.
 *
 * @param shard its number, from 0
 * @param leader id of the leader it knows; empty when none is known
 * @param term the Raft term it is in
 * @param parts those of the nodes that have told of theirs lately, in the order of {@link ClusterStatus#nodes}
 */
public record ShardStatus(int shard, Optional<String> leader, long term, List<Part> parts) {
    public ShardStatus {
        parts = List.copyOf(parts);
    }

    /**
     * A node's part in the shard.
     *
     * @param node its id
     * @param term its Raft term; applied, committed and snapshot are Raft indexes
     */
    public record Part(String node, NodeStatus.Role role, long term, long applied, long committed, long snapshot) {}
}
