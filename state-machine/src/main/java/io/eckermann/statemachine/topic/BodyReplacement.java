package io.eckermann.statemachine.topic;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.query.TermRemoval;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.ChunkRow;
import io.eckermann.statemachine.store.v1.MovedBody;
import io.eckermann.statemachine.store.v1.MovedRow;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets chunks have another body, in which events are deleted: it came with the command and stays where that is. All
 * chunks that share the old body get the new one, what is deleted is taken out of the index of terms, and the old body is
 * noted as one that must not be kept. Apply thread.
 */
public final class BodyReplacement {
    private final StoreBatch batch;
    private final Topic topic;
    private final RaftIndex at;
    private final int ordinal;
    private long end;

    /** @param ordinal which of the entry's steps holds the new body, from 0 */
    public BodyReplacement(StoreBatch batch, Topic topic, RaftIndex at, int ordinal) {
        this.batch = batch;
        this.topic = topic;
        this.at = at;
        this.ordinal = ordinal;
    }

    /** Behind the last position whose bytes are other ones now; 0 when none are. */
    public long end() {
        return end;
    }

    public Result replace(Operation.ReplaceBody replace) {
        if (replace.superseded() && !topic.row().getSettings().getCompactKeys()) {
            return Result.Refused.of(
                    new StoreException(ErrorCode.BAD_REQUEST, "The topic does not compact its keys any more.")
                            .with("topic_id", topic.id()));
        }
        IndexedChunk holding = existing(replace.position());
        if (holding == null) {
            return Result.Refused.of(notFound(topic, replace.position()));
        }
        ChunkAddress old = holding.address();
        if (!old.equals(replace.replaced())) {
            return Result.Refused.of(new StoreException(
                            ErrorCode.EVENT_CHANGED, "An event beside this one was deleted just now: try again.")
                    .with("position", replace.position()));
        }
        Deque<IndexedChunk> sharing = sharing(holding);
        MovedBody moved = MovedBody.newBuilder()
                .setRaftIndex(at.index())
                .setOrdinal(ordinal)
                .setLength(replace.body().size())
                .build();
        for (IndexedChunk chunk : sharing) {
            ChunkRow row = chunk.row().toBuilder()
                    .setMoved(moved)
                    .setEncoding(replace.encoding())
                    .setCrc32C(replace.crc32c())
                    .build();
            ChunkTable.put(batch, new IndexedChunk(topic.id(), chunk.last(), row));
        }
        removeTerms(sharing, replace.terms());
        end = sharing.getLast().last() + 1;
        noteMoved(holding);
        noteErased(holding, replace);
        return new Result.Done();
    }

    /** What is answered for a position that has no event. */
    static StoreException notFound(Topic topic, long position) {
        return new StoreException(
                        ErrorCode.EVENT_NOT_FOUND,
                        "The topic has no event at this position; it has those from 'first' to 'head'.")
                .with("position", position)
                .with("first", topic.tail().getFirst())
                .with("head", topic.tail().getHead());
    }

    private @Nullable IndexedChunk existing(long position) {
        boolean exists =
                position >= topic.tail().getFirst() && position <= topic.tail().getHead();
        return exists ? ChunkTable.holding(batch, topic.id(), position) : null;
    }

    /** The chunks that have the same body, in their order: they lie side by side. */
    private Deque<IndexedChunk> sharing(IndexedChunk chunk) {
        Deque<IndexedChunk> sharing = new ArrayDeque<>();
        sharing.add(chunk);
        for (IndexedChunk before = existing(chunk.first() - 1);
                before != null && before.address().equals(chunk.address());
                before = existing(before.first() - 1)) {
            sharing.addFirst(before);
        }
        for (IndexedChunk after = existing(chunk.last() + 1);
                after != null && after.address().equals(chunk.address());
                after = existing(after.last() + 1)) {
            sharing.addLast(after);
        }
        return sharing;
    }

    private void removeTerms(Deque<IndexedChunk> sharing, List<Particulars.Term> terms) {
        TermRemoval removal = new TermRemoval(batch, topic.id());
        for (IndexedChunk chunk : sharing) {
            removal.at(chunk.row().getSkip(), chunk.first(), chunk.row().getCount());
        }
        removal.remove(terms);
    }

    private void noteMoved(IndexedChunk replaced) {
        MovedRow row = MovedRow.newBuilder()
                .setTopicId(topic.id())
                .setLastPosition(end - 1)
                .build();
        batch.put(Family.MOVED, Key.of(at.index()).then(ordinal).bytes(), row.toByteArray());
        if (replaced.row().hasMoved()) {
            ChunkAddress old = replaced.address();
            batch.delete(
                    Family.MOVED, Key.of(old.raftIndex()).then(old.ordinal()).bytes());
        }
    }

    /**
     * Superseded events' bytes may stay until what is around them is dead, too. But who deletes one of them later wants
     * them gone: so the first body stays known by the chunk's row, and bodies between it and the last are not left.
     */
    private void noteErased(IndexedChunk replaced, Operation.ReplaceBody replace) {
        boolean wasMoved = replaced.row().hasMoved();
        if (!replace.superseded() || wasMoved) {
            erase(replaced.address());
        }
        if (!replace.superseded() && wasMoved) {
            erase(replaced.appendedAddress());
        }
        if (!replace.superseded() && !replace.terms().isEmpty()) {
            // Names no bytes of the new body, but its entry, which has the terms, too.
            erase(new ChunkAddress(at.index(), ordinal, 0, 0));
        }
    }

    private void erase(ChunkAddress body) {
        batch.put(
                Family.ERASED,
                Key.of(body.raftIndex())
                        .then(body.ordinal())
                        .then(body.offset())
                        .bytes(),
                ByteBuffer.allocate(Integer.BYTES).putInt(0, body.length()).array());
    }
}
