package org.apache.ratis.server.impl;

import org.apache.ratis.server.RaftServer;

/**
 * Lets a leader tell its followers at once up to where the log is committed. Ratis writes that into the log itself, as an
 * entry behind every commit, which costs each node a write and an fsync of its own; without that entry followers hear of
 * a commit with the next entry, or the next heartbeat. It stands in this package because Ratis 3.3.0 has no public way to
 * wake the threads that send. Safe from any thread.
 */
public final class CommitNotice {
    private final RaftServerImpl server;

    private CommitNotice(RaftServerImpl server) {
        this.server = server;
    }

    public static CommitNotice of(RaftServer.Division division) {
        return new CommitNotice((RaftServerImpl) division);
    }

    /**
     * Sends the followers an empty message if this node leads and they do not know yet what is committed. Does nothing while
     * the log goes on behind the entry: the news goes with the next one.
     *
     * @param index of a committed entry
     */
    public void send(long index) {
        if (server.getState().getLog().getNextIndex() == index + 1) {
            server.getRole().getLeaderState().ifPresent(LeaderStateImpl::notifySenders);
        }
    }
}
