package io.eckermann.raftlog.simulation;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.chunk.BodyLog;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.UnreadableCommandException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for Raft: the committed entries, one leader or none, and what that has proposed. When leadership changes, what
 * was proposed is committed up to where the lot falls, as if the next leader had so much of it; the rest is lost. The log is
 * never purged, so it has all bodies.
 */
final class Consensus implements BodyLog {
    private record Proposal(Replica by, long term, ByteString bytes, CompletableFuture<List<Result>> future) {}

    private final List<Entry> committed = new ArrayList<>();
    private final Deque<Proposal> proposed = new ArrayDeque<>();
    private long term;
    private @Nullable Replica leader;

    int committed() {
        return committed.size();
    }

    Entry entry(long index) {
        return committed.get((int) index);
    }

    @Nullable
    Replica leader() {
        return leader;
    }

    /** As a leader that is one, and what it is told that is none. */
    CompletableFuture<List<Result>> propose(Replica by, ByteString entry) {
        if (by != leader) {
            return CompletableFuture.failedFuture(new StoreException(ErrorCode.NOT_LEADER, "Another one leads."));
        }
        Proposal proposal = new Proposal(by, term, entry, new CompletableFuture<>());
        proposed.add(proposal);
        return proposal.future();
    }

    /** A majority has the oldest proposal; false when there is none. */
    boolean commitNext() {
        if (leader == null || proposed.isEmpty()) {
            return false;
        }
        Proposal next = proposed.remove();
        next.by().awaits(commit(next.term(), next.bytes()), next.future());
        return true;
    }

    private long commit(long atTerm, ByteString bytes) {
        RaftIndex at = new RaftIndex(atTerm, committed.size());
        committed.add(new Entry(at, bytes));
        return at.index();
    }

    /** The leader is gone; what it proposed is undecided until there is another. */
    void loseLeader() {
        leader = null;
    }

    void elect(Replica next, Random random) {
        int survivors = random.nextInt(proposed.size() + 1);
        for (; !proposed.isEmpty(); survivors--) {
            Proposal old = proposed.remove();
            boolean hearsOfIt = false;
            if (survivors > 0) {
                long index = commit(old.term(), old.bytes());
                // Who stepped down answers what it applies, or has told its callers before.
                hearsOfIt = random.nextBoolean();
                if (hearsOfIt) {
                    old.by().awaits(index, old.future());
                }
            }
            if (!hearsOfIt) {
                old.future().completeExceptionally(leaderChanged());
            }
        }
        term++;
        leader = next;
        commit(term, ByteString.EMPTY);
    }

    static StoreException leaderChanged() {
        return new StoreException(ErrorCode.LEADER_CHANGED, "Leadership changed while it was under way.");
    }

    @Override
    public List<@Nullable ByteString> find(List<ChunkAddress> addresses) {
        List<@Nullable ByteString> bodies = new ArrayList<>();
        for (ChunkAddress at : addresses) {
            try {
                ByteString body = CommandCodec.decode(entry(at.raftIndex()).bytes())
                        .steps()
                        .get(at.ordinal())
                        .body();
                bodies.add(body.substring(at.offset(), at.offset() + at.length()));
            } catch (UnreadableCommandException e) {
                throw new AssertionError(e);
            }
        }
        return bodies;
    }

    @Override
    public void keep(long raftIndex) {
        // The log stays.
    }
}
