package io.eckermann.raftlog.ratis;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.impl.CommitNotice;

/**
 * What applying needs to know of this node's own log, and to tell its leader.
 *
 * @param flushIndex up to which the log is on this node's disk
 * @param tellFollowers sends them, when nothing else is about to be sent, up to where the log is committed
 */
record OwnLog(LongSupplier flushIndex, LongConsumer tellFollowers) {
    static OwnLog of(RaftServer.Division division) {
        return new OwnLog(division.getRaftLog()::getFlushIndex, CommitNotice.of(division)::send);
    }
}
