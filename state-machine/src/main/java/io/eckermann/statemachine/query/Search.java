package io.eckermann.statemachine.query;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.storage.RowReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for events of a topic. It costs what is found, and for a conjunction what its rarest term has: never what the
 * topic holds.
 */
public final class Search {
    private static final long COUNTED_ROWS_MAX = 10_000;

    private final RowReader rows;
    private final long topicId;
    private final long first;
    private final long head;
    private final Steps steps;
    private final @Nullable RecentTopic recent;

    /**
     * Looks at rows.
     *
     * @param first the first position there is; what the index has before it was removed, and is not found
     * @param head the last one
     * @param steps how much it may look at, in all that is found through this
     */
    public Search(RowReader rows, long topicId, long first, long head, Steps steps) {
        this(rows, (RecentTopic) null, topicId, first, head, steps);
    }

    /** Looks at what is remembered first. For the apply thread, which sees all rows that were put. */
    public Search(RowReader rows, RecentTerms recent, long topicId, long first, long head, Steps steps) {
        this(rows, recent.of(topicId, head), topicId, first, head, steps);
    }

    private Search(RowReader rows, @Nullable RecentTopic recent, long topicId, long first, long head, Steps steps) {
        this.rows = rows;
        this.recent = recent;
        this.topicId = topicId;
        this.first = first;
        this.head = head;
        this.steps = steps;
    }

    /** Where such events are, in rising order. */
    public Positions forward(Filter filter) {
        return positions(filter, true);
    }

    /** Where such events are, in falling order. */
    public Positions backward(Filter filter) {
        return positions(filter, false);
    }

    /** What looking for such events from this position on looks at, the key first; nothing when all events are meant. */
    public List<TermUse> explain(Filter filter, long from) {
        List<TermUse> uses = new ArrayList<>();
        if (filter.key() != null) {
            uses.add(use(-1, Kind.KEY, ByteString.copyFromUtf8(filter.key()), from));
        }
        for (int item = 0; item < filter.query().getItemsCount(); item++) {
            QueryItem asked = filter.query().getItems(item);
            for (int i = 0; i < asked.getTypesCount(); i++) {
                uses.add(use(item, Kind.TYPE, asked.getTypesBytes(i), from));
            }
            for (int i = 0; i < asked.getTagsCount(); i++) {
                uses.add(use(item, Kind.TAG, asked.getTagsBytes(i), from));
            }
        }
        return uses;
    }

    private TermUse use(int item, Kind kind, ByteString text, long from) {
        long[] counted = {0, 0};
        PostingTable.ascend(rows, PostingTable.prefix(topicId, kind, text), Math.max(first, from), block -> {
            if (counted[0] == COUNTED_ROWS_MAX) {
                counted[0]++;
                return false;
            }
            counted[0]++;
            counted[1] += block.count();
            return true;
        });
        boolean all = counted[0] <= COUNTED_ROWS_MAX;
        return new TermUse(item, kind, text.toStringUtf8(), Math.min(counted[0], COUNTED_ROWS_MAX), counted[1], all);
    }

    private Positions positions(Filter filter, boolean forward) {
        List<Positions> all = new ArrayList<>(2);
        if (filter.key() != null) {
            all.add(term(Kind.KEY, ByteString.copyFromUtf8(filter.key()), forward));
        }
        if (filter.query().getItemsCount() > 0) {
            List<Positions> items = new ArrayList<>(filter.query().getItemsCount());
            for (QueryItem item : filter.query().getItemsList()) {
                items.add(item(item, forward));
            }
            all.add(Combined.any(items, forward));
        }
        return all.isEmpty() ? Combined.every(first, head, forward) : Combined.all(all, forward);
    }

    private Positions item(QueryItem item, boolean forward) {
        List<Positions> all = new ArrayList<>(item.getTagsCount() + 1);
        for (int i = 0; i < item.getTagsCount(); i++) {
            all.add(term(Kind.TAG, item.getTagsBytes(i), forward));
        }
        List<Positions> types = new ArrayList<>(item.getTypesCount());
        for (int i = 0; i < item.getTypesCount(); i++) {
            types.add(term(Kind.TYPE, item.getTypesBytes(i), forward));
        }
        if (!types.isEmpty()) {
            all.add(Combined.any(types, forward));
        }
        return Combined.all(all, forward);
    }

    private Positions term(Kind kind, ByteString text, boolean forward) {
        Postings postings = new Postings(rows, topicId, new TermName(kind, text), recent);
        return new TermPositions(postings, first, forward, steps);
    }
}
