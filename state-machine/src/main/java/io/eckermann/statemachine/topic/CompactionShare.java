package io.eckermann.statemachine.topic;

import io.eckermann.statemachine.CompactionDue;
import io.eckermann.statemachine.TimeSeek;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.store.v1.TailRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds topics that compact their keys and hold enough that was not looked through for superseded events yet. To look
 * through a topic costs what it holds, so this should be due only when that has grown by a share of it.
 */
public final class CompactionShare {
    private static final int ALL_PERCENT = 100;

    private CompactionShare() {}

    /**
     * Where to look, in the order of topics' names.
     *
     * @param beforeNs only chunks that were wholly recorded before this time
     * @param percent how many of a topic's bytes up to there are new at least
     */
    public static List<CompactionDue> due(RowReader rows, long beforeNs, int percent) {
        List<CompactionDue> due = new ArrayList<>();
        for (Topic topic : TopicTable.list(rows, "")) {
            if (topic.row().getSettings().getCompactKeys()) {
                due(rows, topic, beforeNs, percent).ifPresent(due::add);
            }
        }
        return due;
    }

    private static Optional<CompactionDue> due(RowReader rows, Topic topic, long beforeNs, int percent) {
        TailRow tail = topic.tail();
        IndexedChunk open = firstNotWhollyBefore(rows, topic, beforeNs);
        long to = open == null ? tail.getHead() : open.first() - 1;
        long clean = Math.max(tail.getFirst() - 1, tail.getCompactedTo());
        if (to <= clean) {
            return Optional.empty();
        }
        long end = open == null ? topic.appendedBytes() : open.row().getBytesBefore();
        long dirtyBytes = end - bytesBefore(rows, topic, clean + 1);
        // What was truncated since is not there to be looked through again.
        long cleanBytes = Math.min(
                tail.getCompactedBytes(),
                bytesBefore(rows, topic, clean + 1) - bytesBefore(rows, topic, tail.getFirst()));
        boolean enough = dirtyBytes * ALL_PERCENT >= (dirtyBytes + cleanBytes) * percent;
        return enough ? Optional.of(new CompactionDue(topic.id(), tail.getFirst(), to)) : Optional.empty();
    }

    /** Null when all chunks are. */
    private static @Nullable IndexedChunk firstNotWhollyBefore(RowReader rows, Topic topic, long beforeNs) {
        if (beforeNs > topic.tail().getLastRecordedNs()) {
            return null;
        }
        long position = new TimeIndex(rows, topic)
                .positionAt(beforeNs, TimeSeek.AT_OR_AFTER)
                .orElse(topic.tail().getHead());
        return ChunkTable.holding(rows, topic.id(), position);
    }

    private static long bytesBefore(RowReader rows, Topic topic, long position) {
        IndexedChunk chunk = ChunkTable.holding(rows, topic.id(), position);
        return chunk == null ? topic.appendedBytes() : chunk.row().getBytesBefore();
    }
}
