package io.eckermann.client;

import java.util.List;
import java.util.Optional;

/**
 * The cluster as one node sees it.
 *
 * @param answeredBy id of that node
 * @param leader id of the first shard's leader that it knows; empty when none is known
 * @param term the Raft term it is in there
 * @param cutOff it knows no leader, and reaches too few other nodes for a majority
 * @param shards by number; empty from nodes of versions that know of one only
 */
public record ClusterStatus(
        String clusterId,
        String answeredBy,
        Optional<String> leader,
        long term,
        boolean cutOff,
        List<NodeStatus> nodes,
        List<ShardStatus> shards) {
    public ClusterStatus {
        shards = List.copyOf(shards);
        nodes = List.copyOf(nodes);
    }
}
