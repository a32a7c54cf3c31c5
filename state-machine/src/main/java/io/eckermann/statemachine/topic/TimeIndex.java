package io.eckermann.statemachine.topic;

import io.eckermann.statemachine.TimeSeek;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.store.v1.TailRow;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds the event that a time names, to the nanosecond. Recorded times rise with positions, so the chunks are their own
 * index: halving looks at about as many of them as their number has binary digits.
 */
public final class TimeIndex {
    private final RowReader rows;
    private final Topic topic;

    public TimeIndex(RowReader rows, Topic topic) {
        this.rows = rows;
        this.topic = topic;
    }

    /** The position the time names, or empty when no event qualifies. */
    public OptionalLong positionAt(long recordedNs, TimeSeek seek) {
        IndexedChunk chunk = atOrAfter(recordedNs);
        long after = chunk == null
                ? topic.tail().getHead() + 1
                // Of the oldest chunk some events may have been removed.
                : Math.max(topic.tail().getFirst(), firstAtOrAfter(chunk, recordedNs));
        boolean exact = chunk != null && recordedNs(chunk, after) == recordedNs;
        long before = exact ? after : after - 1;
        return switch (seek) {
            case AT_OR_AFTER -> existing(after);
            case AT_OR_BEFORE -> existing(before);
            case NEAREST -> existing(nearest(recordedNs, before, after, chunk));
        };
    }

    /** When the event at a position that exists was recorded. */
    long recordedNs(long position) {
        return recordedNs(ChunkTable.existing(rows, topic.id(), position), position);
    }

    /** The first chunk whose last event was recorded then or later. */
    private @Nullable IndexedChunk atOrAfter(long recordedNs) {
        TailRow tail = topic.tail();
        IndexedChunk found = null;
        long low = tail.getFirst();
        long high = recordedNs > tail.getLastRecordedNs() ? low - 1 : tail.getHead();
        while (low <= high) {
            IndexedChunk middle = ChunkTable.holding(rows, topic.id(), (low + high) >>> 1);
            if (middle == null) {
                // Not even the row of the head is there: the topic was deleted after its tail was read.
                return null;
            }
            if (middle.lastRecordedNs() < recordedNs) {
                low = middle.last() + 1;
            } else {
                found = middle;
                high = middle.first() - 1;
            }
        }
        return found;
    }

    private long nearest(long recordedNs, long before, long after, @Nullable IndexedChunk chunk) {
        if (chunk == null || before == after) {
            return before;
        }
        IndexedChunk earlier = ChunkTable.holding(rows, topic.id(), before);
        if (before < topic.tail().getFirst() || earlier == null) {
            return after;
        }
        long back = recordedNs - recordedNs(earlier, before);
        long ahead = recordedNs(chunk, after) - recordedNs;
        return back <= ahead ? before : after;
    }

    private OptionalLong existing(long position) {
        boolean exists =
                position >= topic.tail().getFirst() && position <= topic.tail().getHead();
        return exists ? OptionalLong.of(position) : OptionalLong.empty();
    }

    private static long firstAtOrAfter(IndexedChunk chunk, long recordedNs) {
        return chunk.first() + Math.max(0, recordedNs - chunk.row().getFirstRecordedNs());
    }

    private static long recordedNs(IndexedChunk chunk, long position) {
        return chunk.row().getFirstRecordedNs() + (position - chunk.first());
    }
}
