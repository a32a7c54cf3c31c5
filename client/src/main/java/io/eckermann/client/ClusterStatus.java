package io.eckermann.client;

import java.util.List;
import java.util.Optional;

/**
 * The cluster as one node sees it.
 *
 * @param answeredBy id of that node
 * @param leader id of the leader it knows; empty when none is known
 * @param term the Raft term it is in
 * @param cutOff it knows no leader, and reaches too few other nodes for a majority
 */
public record ClusterStatus(
        String clusterId,
        String answeredBy,
        Optional<String> leader,
        long term,
        boolean cutOff,
        List<NodeStatus> nodes) {
    public ClusterStatus {
        nodes = List.copyOf(nodes);
    }
}
