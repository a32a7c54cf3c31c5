package io.eckermann.statemachine.query;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.command.Particulars.Term;
import io.eckermann.statemachine.storage.StoreBatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Indexes the events of one run of appends to a topic. What they have in common costs one row for all of them. Apply
 * thread; {@link #flush}, or {@link #flushFor}, before anybody looks for them.
 */
public final class EventIndex {
    private final StoreBatch batch;
    private final RecentIndex recent;
    private final long topicId;
    /** Not in rows yet. */
    private final Map<TermName, PostingBlock> blocks = new LinkedHashMap<>();

    /** @param recent is told of all rows that are put */
    public EventIndex(StoreBatch batch, RecentIndex recent, long topicId) {
        this.batch = batch;
        this.recent = recent;
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
            PostingBlock block =
                    blocks.computeIfAbsent(new TermName(term.kind(), term.text()), name -> new PostingBlock());
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

    /**
     * Puts what was taken into rows if one of the conditions may be about it. Conditions mostly name what is rare, and what
     * a whole run has in common is to cost one row.
     */
    public void flushFor(List<Condition> conditions) {
        for (int i = 0; i < conditions.size() && !blocks.isEmpty(); i++) {
            if (mayBeAbout(conditions.get(i))) {
                flush();
            }
        }
    }

    private boolean mayBeAbout(Condition condition) {
        return switch (condition.getKindCase()) {
            case KEY_VERSION -> has(Kind.KEY, condition.getKeyVersion().getKeyBytes());
            case KEY_ABSENT -> has(Kind.KEY, condition.getKeyAbsentBytes());
            case FAIL_IF_EVENTS_MATCH ->
                mayMatch(condition.getFailIfEventsMatch().getQuery());
            default -> false;
        };
    }

    private boolean mayMatch(Query query) {
        for (int i = 0; i < query.getItemsCount(); i++) {
            if (mayMatch(query.getItems(i))) {
                return true;
            }
        }
        return false;
    }

    /** Whether all that one event must have was taken, be it of several. */
    private boolean mayMatch(QueryItem item) {
        for (int i = 0; i < item.getTagsCount(); i++) {
            if (!has(Kind.TAG, item.getTagsBytes(i))) {
                return false;
            }
        }
        for (int i = 0; i < item.getTypesCount(); i++) {
            if (has(Kind.TYPE, item.getTypesBytes(i))) {
                return true;
            }
        }
        return item.getTypesCount() == 0;
    }

    private boolean has(Kind kind, ByteString text) {
        return blocks.containsKey(new TermName(kind, text));
    }

    /** Puts all that was taken into rows. */
    public void flush() {
        if (blocks.isEmpty()) {
            return;
        }
        blocks.forEach(this::put);
        blocks.clear();
    }

    private void put(TermName name, PostingBlock block) {
        PostingTable.put(batch, PostingTable.prefix(topicId, name.kind(), name.text()), block);
        recent.terms().add(topicId, name, block);
        if (name.kind() == Kind.KEY) {
            long version = recent.keys().find(batch, topicId, name.text()).version() + block.count();
            KeyTable.State state = new KeyTable.State(version, block.last());
            KeyTable.put(batch, topicId, name.text().toByteArray(), state);
            recent.keys().put(topicId, name.text(), state);
        }
    }
}
