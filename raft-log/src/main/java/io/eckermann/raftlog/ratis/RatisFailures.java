package io.eckermann.raftlog.ratis;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.exceptions.AlreadyClosedException;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;

/** What a failed write means to its caller. */
final class RatisFailures {
    private RatisFailures() {}

    /**
     * @param proposed whether the entry had a place in the leader's log, so that it may still be committed
     */
    static StoreException ofWrite(Throwable failure, boolean proposed) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof StoreException store) {
            return store;
        }
        if (cause instanceof TimeoutException) {
            return new StoreException(
                    ErrorCode.COMMIT_TIMED_OUT,
                    "The write was not committed in time and may still be: retry it with the same producer sequence.");
        }
        return proposed ? ofProposed(cause) : ofRefused(cause);
    }

    private static StoreException ofProposed(Throwable cause) {
        return new StoreException(
                ErrorCode.LEADER_CHANGED,
                "Leadership was lost while the write was under way: retry it with the same producer sequence.",
                quiet(cause));
    }

    private static StoreException ofRefused(Throwable cause) {
        if (cause instanceof NotLeaderException notLeader) {
            RaftPeer leader = notLeader.getSuggestedLeader();
            return leader == null ? noLeader() : notLeader(leader.getId().toString());
        }
        if (cause instanceof LeaderNotReadyException || cause instanceof LeaderSteppingDownException) {
            return noLeader();
        }
        if (cause instanceof ResourceUnavailableException) {
            return new StoreException(ErrorCode.OVERLOADED, "The Raft log takes no more writes now: try again later.");
        }
        if (cause instanceof ServerNotReadyException || cause instanceof AlreadyClosedException) {
            return new StoreException(
                    ErrorCode.NOT_READY, "The Raft log is starting or stopping: try again later, or another node.");
        }
        return new StoreException(ErrorCode.INTERNAL, "The Raft log refused an entry: report this as a bug.", cause);
    }

    static StoreException notLeader(String leader) {
        return new StoreException(ErrorCode.NOT_LEADER, "This node does not lead: ask the leader.")
                .with("leader", leader);
    }

    /** Of a change of members, while this node goes on leading. */
    static StoreException ofChange(Throwable failure) {
        return new StoreException(ErrorCode.NOT_READY, "The change of members did not come about.", failure)
                .with("cause", failure);
    }

    static StoreException noLeader() {
        return new StoreException(
                ErrorCode.NO_LEADER, "No leader is ready: an election is under way, or no majority is in reach.");
    }

    /** An everyday cause needs no stack trace in anybody's log. */
    private static @org.jspecify.annotations.Nullable Throwable quiet(Throwable cause) {
        return cause instanceof NotLeaderException ? null : cause;
    }
}
