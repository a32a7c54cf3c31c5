package io.eckermann.raftlog.ratis;

import com.google.protobuf.ByteString;
import io.eckermann.raftlog.FailStop;
import io.eckermann.raftlog.SnapshotFetch;
import io.eckermann.raftlog.segment.FlushMark;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.Snapshot;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.StorageFailure;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.UnreadableCommandException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes committed entries to the state machine, and Ratis's notices to whom they concern. A fault while applying ends
 * the process: Ratis itself would log it and go on with a replica that differs.
 *
 * <p>Threads: apply, skip, takeSnapshot and reinitialize run on Ratis's updater thread; notices on any; the state asks
 * for the flush index on its own.
 */
final class ApplyBridge extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(ApplyBridge.class);
    private static final CompletableFuture<Message> APPLIED = CompletableFuture.completedFuture(Message.EMPTY);

    private final StateMachine state;
    private final FailStop failStop;
    private final SnapshotIntake intake;
    private final Runnable leadershipChanged;
    private final AtomicLong bytesSinceSnapshot = new AtomicLong();

    // Asked for on every append, so never computed.
    private volatile @Nullable SnapshotInfo covered;
    /** Whom Ratis has named as the leader; null while there is none. */
    private volatile @Nullable String leader;

    private final PayloadCount payload = new PayloadCount();
    private volatile @Nullable FlushMark mark;
    private volatile @Nullable LongSupplier flushIndex;
    private volatile boolean failed;
    private volatile boolean removed;

    /**
     * @param downloads may block
     * @param leadershipChanged called under Ratis's lock: must only wake somebody
     */
    ApplyBridge(
            StateMachine state,
            SnapshotFetch fetch,
            FailStop failStop,
            Executor downloads,
            Runnable leadershipChanged) {
        this.state = state;
        this.failStop = failStop;
        this.intake = new SnapshotIntake(state, fetch, downloads, () -> leader);
        this.leadershipChanged = leadershipChanged;
        // What the state holds when it was just opened is durable: the log is replayed from there.
        cover(state.applied());
        state.onFailure(this::stateFailed);
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage) throws IOException {
        super.initialize(server, groupId, storage);
        mark = FlushMark.of(storage.getStorageDir().getCurrentDir().toPath());
        state.writeOnly(this::isOnDisk);
        getLifeCycle().transition(LifeCycle.State.STARTING);
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    @Override
    public TermIndex getLastAppliedTermIndex() {
        // The constructor of the superclass asks before there is a state.
        RaftIndex applied = state == null ? RaftIndex.NONE : state.applied();
        return TermIndex.valueOf(applied.term(), applied.index());
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        return covered;
    }

    PayloadCount payload() {
        return payload;
    }

    /** Index up to which the state is durable, -1 for none. */
    long coveredIndex() {
        SnapshotInfo info = covered;
        return info == null ? -1 : info.getIndex();
    }

    /** Bytes of the entries applied since the last snapshot. */
    long bytesSinceSnapshot() {
        return bytesSinceSnapshot.get();
    }

    private void cover(RaftIndex at) {
        covered = at.index() < 0 ? null : new Covered(TermIndex.valueOf(at.term(), at.index()));
    }

    // The way of an entry.

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) {
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setStateMachineContext(request.getMessage())
                .build();
    }

    @Override
    public TransactionContext preAppendTransaction(TransactionContext transaction) {
        if (transaction.getStateMachineContext() instanceof Submission submission) {
            submission.markProposed();
        }
        return transaction;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        RaftIndex at = new RaftIndex(entry.getTerm(), entry.getIndex());
        if (at.index() <= state.applied().index()) {
            return APPLIED;
        }
        beforeApply(at);
        Submission own = transaction.getStateMachineContext() instanceof Submission submission ? submission : null;
        ByteString bytes = own != null
                ? own.entry()
                : SharedBytes.fromRatis(entry.getStateMachineLogEntry().getLogData());
        List<Result> results = apply(at, bytes);
        if (own != null) {
            own.applied(at.index(), results);
        }
        return APPLIED;
    }

    private List<Result> apply(RaftIndex at, ByteString bytes) {
        try {
            Command command = CommandCodec.decode(bytes);
            List<Result> results = state.apply(at, command);
            payload.count(at, command);
            bytesSinceSnapshot.addAndGet(bytes.size());
            return results;
        } catch (UnreadableCommandException e) {
            throw stopped(
                    "Entry " + at.index() + " of the Raft log was written by a newer version, or is damaged: start the"
                            + " version that wrote it.",
                    e);
        } catch (StorageFailure e) {
            throw stopped("The state could not be written at entry " + at.index() + ": check the disk.", e);
        } catch (RuntimeException e) {
            throw stopped("Entry " + at.index() + " could not be applied: report this as a bug.", e);
        }
    }

    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        RaftIndex at = new RaftIndex(term, index);
        if (index <= state.applied().index()) {
            return;
        }
        beforeApply(at);
        try {
            state.skip(at);
        } catch (RuntimeException e) {
            throw stopped("The state could not be written at entry " + index + ": check the disk.", e);
        }
    }

    private void beforeApply(RaftIndex at) {
        if (flushIndex == null) {
            flushIndex = localFlush();
        }
        if (failed) {
            throw new IllegalStateException("the node has failed, entry " + at.index() + " is not applied");
        }
    }

    /**
     * A majority may have an entry on disk before this node has. What is written of the state must not run ahead of the
     * own log: should it become durable first, a log that ends too early after a crash could not be told from one that
     * lost its tail. Bodies are read from that log, too.
     */
    private boolean isOnDisk(long index) {
        if (failed) {
            throw new IllegalStateException("the log has failed, entry " + index + " is not written");
        }
        LongSupplier flushed = flushIndex;
        return flushed != null && flushed.getAsLong() >= index;
    }

    /** When no entry may follow that would be refused. */
    private void stateFailed(StorageFailure failure) {
        if (!failed) {
            failed = true;
            failStop.stop("The state could not be written: check the disk.", failure);
        }
    }

    /** For tests without a server; else it is asked for with the first entry. */
    void flushedUpTo(LongSupplier index) {
        flushIndex = index;
        state.writeOnly(this::isOnDisk);
    }

    private LongSupplier localFlush() {
        try {
            RaftServer.Division division = getServer().join().getDivision(getGroupId());
            return division.getRaftLog()::getFlushIndex;
        } catch (IOException e) {
            throw stopped("The Raft log closed while entries were applied.", e);
        }
    }

    private IllegalStateException stopped(String reason, @Nullable Throwable cause) {
        failed = true;
        failStop.stop(reason, cause);
        // Ratis closes its part of the node when this reaches it.
        return new IllegalStateException(reason, cause);
    }

    @Override
    public CompletableFuture<Message> query(Message request) {
        // Ratis asks once the state has caught up with what the reader must see; reading is not its business.
        return APPLIED;
    }

    // Snapshots.

    /**
     * Makes a snapshot that the next {@link #takeSnapshot} names, so that Ratis's updater need not wait for the disk. On
     * any thread but that.
     */
    void prepareSnapshot() {
        if (!failed && state.applied().index() >= 0) {
            try {
                bytesSinceSnapshot.set(0);
                state.takeSnapshot();
            } catch (StorageFailure e) {
                throw stopped("A snapshot of the state could not be made: check the disk.", e);
            }
        }
    }

    @Override
    public long takeSnapshot() throws IOException {
        Snapshot latest = state.latestSnapshot();
        if (latest == null || latest.at().index() < coveredIndex() || failed) {
            return -1;
        }
        cover(latest.at());
        return latest.at().index();
    }

    @Override
    public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(
            RoleInfoProto roleInfo, TermIndex firstInLeadersLog) {
        String from = roleInfo.getFollowerInfo().getLeaderInfo().getId().getId().toStringUtf8();
        long least = firstInLeadersLog.getIndex() - 1;
        return intake.fetch(from, least);
    }

    SnapshotIntake intake() {
        return intake;
    }

    @Override
    public void pause() {
        if (getLifeCycleState() == LifeCycle.State.RUNNING) {
            getLifeCycle().transition(LifeCycle.State.PAUSING);
            getLifeCycle().transition(LifeCycle.State.PAUSED);
        }
    }

    /** Swaps the accepted state in. Here and not earlier: until now the updater might have gone on applying. */
    @Override
    public void reinitialize() throws IOException {
        try {
            state.install();
        } catch (IOException | RuntimeException e) {
            throw stopped("A fetched snapshot could not be put in place: check the disk.", e);
        }
        intake.placed();
        bytesSinceSnapshot.set(0);
        LOG.info("The state is reloaded, up to {}", state.applied());
        cover(state.applied());
        getLifeCycle().transition(LifeCycle.State.STARTING);
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    // Notices.

    /** Entries of a deposed leader go, which this node had acknowledged. */
    @Override
    public CompletableFuture<Void> truncate(long logIndex) {
        FlushMark own = mark;
        try {
            if (own != null) {
                own.cut(logIndex);
            }
            return CompletableFuture.completedFuture(null);
        } catch (IOException e) {
            throw stopped("What is known of the Raft log could not be written: check the disk.", e);
        }
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        // Ratis would refuse writes until a restart and keep its role meanwhile.
        failed = true;
        failStop.stop("The Raft log could not be written: check the disk.", cause);
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId self, @Nullable RaftPeerId newLeader) {
        leader = newLeader == null ? null : newLeader.toString();
        leadershipChanged.run();
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean wholeServer) {
        intake.stop();
        // Ratis closes the group alone when the leader says that this node does not belong to it any more.
        if (!wholeServer) {
            removed = true;
        }
    }

    /** Whether the leader has said that this node does not belong to the group any more; Ratis has stopped then. */
    boolean isRemoved() {
        return removed;
    }

    @Override
    public void notifyLeaderReady() {
        leadershipChanged.run();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        leadershipChanged.run();
    }

    @Override
    public void close() {
        getLifeCycle().checkStateAndClose(() -> {});
    }
}
