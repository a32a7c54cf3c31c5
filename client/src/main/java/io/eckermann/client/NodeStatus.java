package io.eckermann.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One node, as the answering node last heard of it.
 *
 * @param grpcAddress host:port, as are the other addresses
 * @param term its Raft term; applied, committed and snapshot are Raft indexes
 * @param notReadyReason empty when it is ready
 * @param clockOffset how far its clock is ahead of the answering node's
 * @param age how long before the answer this was heard
 * @param storage what its data takes on its disk; empty while that is not known
 * @param scavenge how it gives back the space of dead events; empty until it looked for the first time
 * @param scrub how it reads through what it keeps; empty until it did so for the first time
 * @param digests what its states came to when they were last compared, of one shard the oldest first
 * @param room what is free there
 */
public record NodeStatus(
        String id,
        String grpcAddress,
        String httpAddress,
        String raftAddress,
        Role role,
        long term,
        long applied,
        long committed,
        long snapshot,
        boolean reachable,
        boolean ready,
        String notReadyReason,
        String version,
        Duration clockOffset,
        Duration age,
        Optional<StorageStatus> storage,
        Optional<ScavengeStatus> scavenge,
        Optional<ScrubStatus> scrub,
        List<DigestStatus> digests,
        Room room) {
    public NodeStatus {
        digests = List.copyOf(digests);
    }

    /**
     * Room on the disk that its data is on.
     *
     * @param freeBytes 0 while that is not known
     * @param totalBytes of the whole filesystem
     * @param low there is so little that appends are refused while this node leads
     */
    public record Room(long freeBytes, long totalBytes, boolean low) {}

    /** What it is in its Raft group. */
    public enum Role {
        UNKNOWN,
        LEADER,
        FOLLOWER,
        CANDIDATE
    }
}
