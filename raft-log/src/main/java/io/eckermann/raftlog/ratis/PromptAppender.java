package io.eckermann.raftlog.ratis;

import java.time.Duration;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a follower up to where the log is committed soon after that changed. Mostly the next entries say so; when none come
 * for {@link #PATIENCE_NS}, this does it. Ratis would write it into the log, as an entry behind every commit with an fsync
 * of its own on every node, or leave it to the next heartbeat. Ratis wakes it for every commit and every answer.
 *
 * <p>And it believes a follower that has lost entries which it had acknowledged, where Ratis sends nothing below what was
 * acknowledged: see {@link #getNextIndexForInconsistency}.
 *
 * <p>And it sends entries to a follower whose snapshot ends right where the log begins: see {@link #shouldInstallSnapshot(boolean)}.
 *
 * <p>Used by the one thread that sends to the follower; answers come on others.
 */
final class PromptAppender extends GrpcLogAppender {
    private static final Logger LOG = LoggerFactory.getLogger(PromptAppender.class);

    /**
     * A request and its answer cost a follower and the leader almost as much without an entry as with a small one. While
     * appends follow each other more closely than this, none goes without; and that much later a reader on an idle
     * cluster's follower sees an event.
     */
    private static final long PATIENCE_NS = Duration.ofMillis(3).toNanos();

    private long told = -1;
    /** A commit that the follower has not been told of, and since when; none when it is not above what it knows. */
    private long owed = -1;

    private long owedSinceNs;

    PromptAppender(RaftServer.Division server, LeaderState leaderState, FollowerInfo follower) {
        super(server, leaderState, follower);
    }

    @Override
    public @Nullable AppendEntriesRequestProto newAppendEntriesRequest(long callId, boolean heartbeat)
            throws RaftLogIOException {
        AppendEntriesRequestProto request = super.newAppendEntriesRequest(callId, heartbeat);
        if (request != null) {
            if (request.getEntriesCount() > 0) {
                told = Math.max(told, request.getLeaderCommit());
            }
            return request;
        }
        long committed = getRaftLog().getLastCommittedIndex();
        if (!isOwed(committed) || patienceNs(committed) > 0) {
            return null;
        }
        told = committed;
        return super.newAppendEntriesRequest(callId, true);
    }

    /** Whether the follower should be told, and would believe it. */
    private boolean isOwed(long committed) {
        return committed > known() && hasAllUpTo(committed);
    }

    /** Up to where the follower knows it, or will if nothing is lost on the way. */
    private long known() {
        return Math.max(told, getFollower().getCommitIndex());
    }

    /** How long entries may still come that say it. */
    private long patienceNs(long committed) {
        long nowNs = System.nanoTime();
        if (owed <= known()) {
            owed = committed;
            owedSinceNs = nowNs;
        }
        return owedSinceNs + PATIENCE_NS - nowNs;
    }

    /**
     * How long to sleep, if nothing wakes it. While a follower is down, Ratis asks again and again whether there is something
     * to send, without any pause: with nothing to send, that takes a whole processor until the next heartbeat fails.
     */
    @Override
    public long getWaitTimeMs() {
        if (hasAppendEntries()) {
            return super.getWaitTimeMs();
        }
        long heartbeatMs = getHeartbeatWaitTimeMs();
        long committed = getRaftLog().getLastCommittedIndex();
        if (!isOwed(committed)) {
            return heartbeatMs;
        }
        // Rounded up, not to come too early, and again.
        return Math.min(heartbeatMs, Math.max(0, patienceNs(committed) / 1_000_000 + 1));
    }

    /** A follower takes a commit only for what it has, and believes a heartbeat only while no entries are on their way. */
    private boolean hasAllUpTo(long committed) {
        return getFollower().getMatchIndex() >= committed && !hasPendingDataRequests();
    }

    /**
     * Whether the log does not reach back far enough for the follower.
     *
     * <p>When it begins with what the follower needs next, Ratis wants to know the entry before that, which is purged, and
     * notifies the follower of a snapshot. That answers where its own ends, which is right there, and is notified again: for
     * ever, or until more is purged. A new leader's entries begin a new segment, and segments are what is purged, so that this
     * is where an idle cluster's former leader stands when it comes back. What a snapshot holds is committed, so the entry
     * behind it follows, whatever the follower's log has there.
     */
    @Override
    public boolean shouldInstallSnapshot(boolean hasSnapshot) {
        return super.shouldInstallSnapshot(hasSnapshot) && !hasSnapshotUpToTheLog();
    }

    private boolean hasSnapshotUpToTheLog() {
        FollowerInfo follower = getFollower();
        long snapshot = follower.getSnapshotIndex();
        return follower.hasAttemptedToInstallSnapshot()
                && snapshot > RaftLog.LEAST_VALID_LOG_INDEX
                && follower.getNextIndex() == snapshot + 1
                && getRaftLog().getStartIndex() == snapshot + 1;
    }

    /**
     * From where to send on when the follower's log ends before what was sent. Usually that is above what it has
     * acknowledged. When it is below, the follower has lost entries and started all the same: its own check before the
     * start ({@link io.eckermann.raftlog.segment.FlushMark}) did not know of them, as after a failure of the power and of
     * the disk at once. Or its answer was overtaken by a later one; then it gets entries that it has, and skips them.
     *
     * <p>Sending them again is safe, and safer than leaving the hole, or than turning the follower away once it has
     * started. A loss of acknowledged entries does harm when the follower helps to elect somebody who lacks them too. A
     * follower that takes entries from this leader is in its term, so it has helped nobody in a later one; and before it
     * can, it has again all that it had acknowledged to this leader. What was committed before is in this leader's log,
     * unless it was lost before this leader was elected: only the check before the start can keep that from happening.
     */
    @Override
    protected long getNextIndexForInconsistency(long requestFirstIndex, long replyNextIndex) {
        long match = getFollower().getMatchIndex();
        if (replyNextIndex > match) {
            return super.getNextIndexForInconsistency(requestFirstIndex, replyNextIndex);
        }
        LOG.warn(
                "The log of {} ends before entry {}, though it has acknowledged up to {}: sending from there again."
                        + " Unless it was only slow to say so, its disk has lost entries: check it, or replace the node.",
                getFollowerId(),
                replyNextIndex,
                match);
        return replyNextIndex == requestFirstIndex ? Math.max(0, replyNextIndex - 1) : replyNextIndex;
    }
}
