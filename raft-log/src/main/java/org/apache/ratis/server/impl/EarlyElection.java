package org.apache.ratis.server.impl;

import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.TimeDuration;

/**
 * Lets a follower act on the certain news that its leader is gone, rather than on its silence. It does no more than Ratis
 * does when the follower's timer ends, under the same lock, and asks for a pre-vote like it. It stands in this package
 * because Ratis 3.3.0 has no public way to say so. Safe from any thread.
 */
public final class EarlyElection {
    private final RaftServerImpl server;

    private EarlyElection(RaftServerImpl server) {
        this.server = server;
    }

    public static EarlyElection of(RaftServer.Division division) {
        return new EarlyElection((RaftServerImpl) division);
    }

    /**
     * From now on this follower has no leader, and may vote. False, and nothing changes, when the leader is another one, or
     * was heard of within {@code quiet}: it may believe until then that nobody else is elected.
     */
    @SuppressWarnings("NullAway") // Ratis knows no leader by null.
    public boolean forget(RaftPeerId leader, TimeDuration quiet) {
        synchronized (server) {
            if (!server.getInfo().isFollower()
                    || !leader.equals(server.getState().getLeaderId())) {
                return false;
            }
            boolean silent = server.getRole()
                    .getFollowerState()
                    .filter(follower -> follower.getLastRpcTime().elapsedTime().compareTo(quiet) >= 0)
                    .isPresent();
            if (silent) {
                server.getState().setLeader(null, "forget");
            }
            return silent;
        }
    }

    /** Asks the others for their votes. False, and nothing changes, unless this is a follower without a leader. */
    public boolean stand() {
        synchronized (server) {
            boolean may = server.isRunning()
                    && server.getInfo().isFollower()
                    && server.getState().getLeaderId() == null
                    && server.getRole()
                            .getFollowerState()
                            .filter(EarlyElection::mayStand)
                            .isPresent();
            if (may) {
                server.changeToCandidate(false);
            }
            return may;
        }
    }

    private static boolean mayStand(FollowerState follower) {
        return follower.getOutstandingOp() == 0 && !follower.lostMajorityHeartbeatsRecently();
    }
}
