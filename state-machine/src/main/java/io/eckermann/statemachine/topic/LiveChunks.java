package io.eckermann.statemachine.topic;

import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.chunk.KeptSegment;
import io.eckermann.statemachine.chunk.LivePiece;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowParser;
import io.eckermann.statemachine.storage.StoreReader;
import io.eckermann.statemachine.store.v1.MovedRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes of the log's entries are needed, by the rows of one moment. In a topic the Raft index rises with the
 * position, so what lies between two indexes is found by a few looks, however many chunks that is, and nothing has to be
 * counted when events are appended.
 */
public final class LiveChunks {
    private static final int ORDINAL_AT = Long.BYTES;
    private static final int OFFSET_AT = ORDINAL_AT + Integer.BYTES;

    private final StoreReader rows;

    public LiveChunks(StoreReader rows) {
        this.rows = rows;
    }

    /**
     * About how many bytes of each segment are needed; 0 only when none is.
     *
     * @param segments by their first entry; they may overlap
     * @return in the order of the segments
     */
    public List<Long> bytes(List<KeptSegment> segments) {
        if (segments.isEmpty()) {
            return List.of();
        }
        NavigableMap<Long, Long> live = new TreeMap<>();
        for (KeptSegment segment : segments) {
            live.put(segment.first(), 0L);
            live.put(segment.last() + 1, 0L);
        }
        NavigableMap<Long, Long> movedAway = new TreeMap<>(live);
        for (Topic topic : TopicTable.list(rows, "")) {
            addTo(live, topic);
        }
        moved(live.firstKey(), Long.MAX_VALUE, (chunk, address) -> {
            add(live, address.raftIndex(), address.length());
            add(movedAway, chunk.appendedAt(), chunk.row().getLength());
        });
        return segments.stream()
                .map(segment -> {
                    long bytes = sum(live, segment);
                    // Of a body whose first chunk was truncated nothing is counted that could be taken away again.
                    return bytes == 0 ? 0 : Math.max(1, bytes - sum(movedAway, segment));
                })
                .toList();
    }

    private static long sum(NavigableMap<Long, Long> bytes, KeptSegment segment) {
        return bytes.subMap(segment.first(), segment.last() + 1).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private void addTo(NavigableMap<Long, Long> live, Topic topic) {
        IndexedChunk chunk = firstAt(topic, topic.tail().getFirst(), live.firstKey());
        while (chunk != null) {
            Long end = live.higherKey(chunk.appendedAt());
            if (end == null) {
                return;
            }
            IndexedChunk next = firstAt(topic, chunk.last() + 1, end);
            long until = next == null ? topic.appendedBytes() : next.row().getBytesBefore();
            // One more, as chunks that share a body with an earlier one count nothing by themselves.
            add(live, chunk.appendedAt(), until - chunk.row().getBytesBefore() + 1);
            chunk = next;
        }
    }

    private static void add(NavigableMap<Long, Long> live, long raftIndex, long bytes) {
        Long at = live.floorKey(raftIndex);
        if (at != null) {
            live.merge(at, bytes, Long::sum);
        }
    }

    /** The first chunk, from a position on, that this entry or a later one appended: looks ever further, then back. */
    private @Nullable IndexedChunk firstAt(Topic topic, long from, long raftIndex) {
        long head = topic.tail().getHead();
        long low = from;
        long high = low;
        long step = 1;
        while (high <= head) {
            IndexedChunk chunk = ChunkTable.holding(rows, topic.id(), high);
            if (chunk == null || chunk.appendedAt() >= raftIndex) {
                break;
            }
            low = chunk.last() + 1;
            high = low + step;
            step *= 2;
        }
        high = Math.min(high, head + 1);
        while (low < high) {
            long middle = (low + high) >>> 1;
            IndexedChunk chunk = ChunkTable.holding(rows, topic.id(), middle);
            if (chunk == null || chunk.appendedAt() >= raftIndex) {
                high = middle;
            } else {
                low = chunk.last() + 1;
            }
        }
        return low > head ? null : ChunkTable.holding(rows, topic.id(), low);
    }

    /** Every piece of the segment's entries that is needed, in the order of their addresses. */
    public List<LivePiece> pieces(KeptSegment segment) {
        List<LivePiece> found = new ArrayList<>();
        for (Topic topic : TopicTable.list(rows, "")) {
            IndexedChunk from = firstAt(topic, topic.tail().getFirst(), segment.first());
            if (from == null) {
                continue;
            }
            ChunkTable.ascend(rows, topic.id(), from.last(), chunk -> {
                boolean inside = chunk.appendedAt() <= segment.last();
                if (inside && !chunk.row().hasMoved()) {
                    found.add(new LivePiece(chunk.address(), chunk.row().getCrc32C()));
                }
                return inside;
            });
        }
        moved(
                segment.first(),
                segment.last() + 1,
                (chunk, address) -> found.add(new LivePiece(address, chunk.row().getCrc32C())));
        found.sort(Comparator.comparingLong((LivePiece piece) -> piece.address().raftIndex())
                .thenComparingInt(piece -> piece.address().ordinal())
                .thenComparingInt(piece -> piece.address().offset()));
        // Chunks that share a body.
        return found.stream().distinct().toList();
    }

    private interface MovedVisitor {
        void chunk(IndexedChunk chunk, ChunkAddress address);
    }

    /** Shows bodies of these entries that took others' places, and are still there. */
    private void moved(long from, long to, MovedVisitor visitor) {
        rows.ascend(Family.MOVED, Key.of(from).bytes(), Key.of(to).bytes(), (key, value) -> {
            MovedRow row = RowParser.parse(MovedRow.parser(), value);
            IndexedChunk chunk = ChunkTable.endingAt(rows, row.getTopicId(), row.getLastPosition());
            if (chunk != null
                    && chunk.row().hasMoved()
                    && chunk.address().raftIndex() == Key.longAt(key, 0)
                    && chunk.address().ordinal() == ByteBuffer.wrap(key).getInt(ORDINAL_AT)) {
                visitor.chunk(chunk, chunk.address());
            }
            return true;
        });
    }

    /** Bytes of the segment's entries that must not be kept. */
    public List<ChunkAddress> erased(KeptSegment segment) {
        List<ChunkAddress> erased = new ArrayList<>();
        rows.ascend(
                Family.ERASED,
                Key.of(segment.first()).bytes(),
                Key.of(segment.last() + 1).bytes(),
                (key, length) -> {
                    ByteBuffer at = ByteBuffer.wrap(key);
                    erased.add(new ChunkAddress(
                            at.getLong(0),
                            at.getInt(ORDINAL_AT),
                            at.getInt(OFFSET_AT),
                            ByteBuffer.wrap(length).getInt(0)));
                    return true;
                });
        return erased;
    }
}
