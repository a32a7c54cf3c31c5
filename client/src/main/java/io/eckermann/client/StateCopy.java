package io.eckermann.client;

import java.time.Instant;
import java.util.List;

/**
 * What a node's state consists of at one moment.
 *
 * @param nodeId of the node that has it
 * @param version of that node
 * @param time when it was begun, by the node's clock
 * @param shards all that the cluster has, by their numbers from 0
 * @param files of all shards
 */
public record StateCopy(
        String clusterId, String nodeId, String version, Instant time, List<End> shards, List<File> files) {
    /** The last entry of a shard's Raft log that is in it. */
    public record End(long term, long raftIndex) {}

    /**
     * One of its files.
     *
     * @param name without a directory; no two of a shard have the same
     * @param mark when it is not empty, files of this shard, name and mark of any node of the cluster hold the same
     */
    public record File(int shard, String name, long bytes, String mark) {}

    public StateCopy {
        shards = List.copyOf(shards);
        files = List.copyOf(files);
    }
}
