package io.eckermann.raftlog;

import org.jspecify.annotations.Nullable;

/**
 * This node's part in the group at one moment.
 *
 * @param leader the leader's node id, null when none is known
 * @param leaderReady this node is the leader and may serve: its term's first entry is applied
 * @param applied last applied Raft index, -1 for none
 * @param committed last committed Raft index known here
 * @param snapshot last Raft index covered by a snapshot, -1 for none
 */
public record Leadership(
        Role role,
        long term,
        @Nullable String leader,
        boolean leaderReady,
        long applied,
        long committed,
        long snapshot) {
    /** A role in Raft. */
    public enum Role {
        LEADER,
        FOLLOWER,
        CANDIDATE,
        /** Starting, or taking in a snapshot. */
        STARTING,
        CLOSED
    }
}
