package io.eckermann.raftlog.ratis;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.command.Result;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.Message;
import org.jspecify.annotations.Nullable;

/**
 * An entry on its way through Ratis. It travels as the request's message, then as the transaction's context, so that
 * what apply returns comes back without being encoded.
 */
final class Submission implements Message {
    private final ByteString entry;
    private final org.apache.ratis.thirdparty.com.google.protobuf.ByteString content;
    private final CompletableFuture<List<Result>> future = new CompletableFuture<>();
    private volatile boolean proposed;
    private volatile long index = -1;
    private volatile @Nullable List<Result> results;

    Submission(ByteString entry) {
        this.entry = entry;
        this.content = SharedBytes.toRatis(entry);
    }

    ByteString entry() {
        return entry;
    }

    CompletableFuture<List<Result>> future() {
        return future;
    }

    /** It got a place in the leader's log: from now on its outcome may be unknown. */
    void markProposed() {
        proposed = true;
    }

    boolean isProposed() {
        return proposed;
    }

    /** What apply returned; set before the reply comes. */
    void applied(long at, List<Result> appliedResults) {
        index = at;
        results = appliedResults;
    }

    /** Raft index under which it was applied, -1 before. */
    long index() {
        return index;
    }

    @Nullable
    List<Result> results() {
        return results;
    }

    @Override
    public org.apache.ratis.thirdparty.com.google.protobuf.ByteString getContent() {
        return content;
    }
}
