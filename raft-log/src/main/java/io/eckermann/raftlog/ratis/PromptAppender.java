package io.eckermann.raftlog.ratis;

import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a follower up to where the log is committed as soon as nothing else is to be sent. Ratis would write that into
 * the log, as an entry behind every commit with an fsync of its own on every node, or leave it to the next heartbeat.
 * Ratis wakes it for every commit and every answer.
 *
 * <p>Used by the one thread that sends to the follower.
 */
final class PromptAppender extends GrpcLogAppender {
    private long told = -1;

    PromptAppender(RaftServer.Division server, LeaderState leaderState, FollowerInfo follower) {
        super(server, leaderState, follower);
    }

    @Override
    public @Nullable AppendEntriesRequestProto newAppendEntriesRequest(long callId, boolean heartbeat)
            throws RaftLogIOException {
        AppendEntriesRequestProto request = super.newAppendEntriesRequest(callId, heartbeat);
        long committed = getRaftLog().getLastCommittedIndex();
        if (request != null || committed <= told || !hasAllUpTo(committed)) {
            return request;
        }
        told = committed;
        return super.newAppendEntriesRequest(callId, true);
    }

    /** A follower takes a commit only for what it has, and believes a heartbeat only while no entries are on their way. */
    private boolean hasAllUpTo(long committed) {
        return getFollower().getMatchIndex() >= committed && !hasPendingDataRequests();
    }
}
