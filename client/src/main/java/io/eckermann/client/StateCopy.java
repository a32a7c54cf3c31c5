package io.eckermann.client;

import java.time.Instant;
import java.util.List;

/**
 * What a node's state consists of at one moment.
 *
 * @param nodeId of the node that has it
 * @param version of that node
 * @param raftIndex the last entry of the shard's Raft log that is in it; term, that entry's term
 * @param time when it was made, by the node's clock
 */
public record StateCopy(
        String clusterId,
        String nodeId,
        String version,
        int shard,
        long term,
        long raftIndex,
        Instant time,
        List<File> files) {
    /**
     * One of its files.
     *
     * @param name without a directory
     * @param mark when it is not empty, files of this name and mark of any node of the cluster hold the same
     */
    public record File(String name, long bytes, String mark) {}

    public StateCopy {
        files = List.copyOf(files);
    }
}
