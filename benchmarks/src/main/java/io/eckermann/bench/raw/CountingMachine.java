package io.eckermann.bench.raw;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;

/** Counts entries and their bytes, and keeps nothing. */
final class CountingMachine extends BaseStateMachine {
    private static final CompletableFuture<Message> APPLIED = CompletableFuture.completedFuture(Message.EMPTY);

    private final AtomicLong bytesSinceSnapshot = new AtomicLong();

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) {
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .build();
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        bytesSinceSnapshot.addAndGet(
                entry.getStateMachineLogEntry().getLogData().size());
        return APPLIED;
    }

    long bytesSinceSnapshot() {
        return bytesSinceSnapshot.get();
    }

    /** There is nothing to keep; it lets Ratis purge its log. */
    @Override
    public long takeSnapshot() {
        bytesSinceSnapshot.set(0);
        return getLastAppliedTermIndex().getIndex();
    }
}
