package io.eckermann.statemachine.query;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.command.Particulars.Term;
import io.eckermann.statemachine.storage.StoreBatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Indexes the events of one run of appends to a topic. What they have in common costs one row for all of them. Apply
 * thread; {@link #flush} before anybody looks for them.
 */
public final class EventIndex {
    private record Name(Kind kind, ByteString text) {}

    private final StoreBatch batch;
    private final long topicId;
    /** Not in rows yet. */
    private final Map<Name, PostingBlock> blocks = new LinkedHashMap<>();

    public EventIndex(StoreBatch batch, long topicId) {
        this.batch = batch;
        this.topicId = topicId;
    }

    /**
     * Takes an accepted append, behind all before; ids among its terms are not for this index.
     *
     * @param first its first position
     * @param count how many events it has
     */
    public void add(List<Term> terms, long first, int count) {
        for (Term term : terms) {
            if (term.kind() == Kind.ID) {
                continue;
            }
            PostingBlock block = blocks.computeIfAbsent(new Name(term.kind(), term.text()), name -> new PostingBlock());
            if (term.runs().isEmpty()) {
                block.add(first, first + count - 1);
            } else {
                add(block, term.runs(), first);
            }
        }
    }

    private static void add(PostingBlock block, List<Integer> runs, long first) {
        long at = first;
        for (int i = 0; i < runs.size(); i += 2) {
            at += runs.get(i);
            block.add(at, at + runs.get(i + 1) - 1);
            at += runs.get(i + 1);
        }
    }

    /** Puts all that was taken into rows. */
    public void flush() {
        if (blocks.isEmpty()) {
            return;
        }
        blocks.forEach((name, block) -> {
            PostingTable.put(batch, PostingTable.prefix(topicId, name.kind(), name.text()), block);
            if (name.kind() == Kind.KEY) {
                KeyTable.add(batch, topicId, name.text().toByteArray(), block.count(), block.last());
            }
        });
        blocks.clear();
    }
}
