package io.eckermann.statemachine.query;

import io.eckermann.statemachine.storage.RowReader;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A term's blocks: near the head as they are in memory, if they are, and otherwise as the rows have them. For one look. */
final class Postings {
    private final RowReader rows;
    private final long topicId;
    private final TermName name;
    private final @Nullable RecentTopic recent;
    private byte @Nullable [] prefix;

    /** @param recent null when only rows are to be looked at */
    Postings(RowReader rows, long topicId, TermName name, @Nullable RecentTopic recent) {
        this.rows = rows;
        this.topicId = topicId;
        this.name = name;
        this.recent = recent;
    }

    /** As {@link PostingTable#ascend}. */
    void ascend(long position, Predicate<PostingBlock> visitor) {
        if (recent != null && position >= recent.floor()) {
            recent.ascend(name, position, visitor);
        } else {
            PostingTable.ascend(rows, prefix(), position, visitor);
        }
    }

    /** As {@link PostingTable#descend}. */
    void descend(long position, Predicate<PostingBlock> visitor) {
        if (recent == null) {
            PostingTable.descend(rows, prefix(), position, visitor);
        } else if (recent.descend(name, position, visitor)) {
            PostingTable.descend(rows, prefix(), Math.min(position, recent.floor() - 1), visitor);
        }
    }

    private byte[] prefix() {
        byte[] made = prefix;
        if (made == null) {
            made = PostingTable.prefix(topicId, name.kind(), name.text());
            prefix = made;
        }
        return made;
    }
}
