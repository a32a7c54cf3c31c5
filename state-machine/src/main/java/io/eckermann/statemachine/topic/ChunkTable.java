package io.eckermann.statemachine.topic;

import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowParser;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.storage.StoreReader;
import io.eckermann.statemachine.store.v1.ChunkRow;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The chunks of topics, by their last position and by the recorded time of their last event. */
final class ChunkTable {
    private static final int POSITION_AT = Long.BYTES;

    private ChunkTable() {}

    static void put(StoreBatch batch, IndexedChunk chunk) {
        byte[] last = Key.of(chunk.last()).bytes();
        batch.put(
                Family.CHUNKS,
                Key.of(chunk.topicId()).then(chunk.last()).bytes(),
                chunk.row().toByteArray());
        batch.put(
                Family.TIMES,
                Key.of(chunk.topicId()).then(chunk.lastRecordedNs()).bytes(),
                last);
    }

    /** Writes a chunk that is there already, as it is now. */
    static void replace(StoreBatch batch, IndexedChunk chunk) {
        batch.put(
                Family.CHUNKS,
                Key.of(chunk.topicId()).then(chunk.last()).bytes(),
                chunk.row().toByteArray());
    }

    /**
     * Removes chunks that wholly lie before a position.
     *
     * @param first the oldest chunk there is
     * @param beforeNs a recorded time behind those of these chunks, and not behind the last of any other
     */
    static void removeBefore(StoreBatch batch, IndexedChunk first, long position, long beforeNs) {
        long topicId = first.topicId();
        batch.deleteRange(
                Family.CHUNKS,
                Key.of(topicId).then(first.last()).bytes(),
                Key.of(topicId).then(position).bytes());
        batch.deleteRange(
                Family.TIMES,
                Key.of(topicId).then(first.lastRecordedNs()).bytes(),
                Key.of(topicId).then(beforeNs).bytes());
    }

    /** The chunk whose last event has this position; null when there is none. */
    static @Nullable IndexedChunk endingAt(RowReader rows, long topicId, long last) {
        byte[] value = rows.find(Family.CHUNKS, Key.of(topicId).then(last).bytes());
        return value == null ? null : new IndexedChunk(topicId, last, RowParser.parse(ChunkRow.parser(), value));
    }

    /** Shows chunks in rising order, beginning with the one that holds {@code from}, until the visitor says false. */
    static void ascend(RowReader rows, long topicId, long from, Predicate<IndexedChunk> visitor) {
        rows.ascend(
                Family.CHUNKS,
                Key.of(topicId).then(from).bytes(),
                Key.of(topicId + 1).bytes(),
                (key, value) -> visitor.test(chunk(topicId, key, value)));
    }

    /** Shows chunks in falling order, beginning with the one whose last position is {@code last}. */
    static void descend(StoreReader rows, long topicId, long last, Predicate<IndexedChunk> visitor) {
        rows.descend(
                Family.CHUNKS,
                Key.of(topicId).then(last).bytes(),
                Key.of(topicId).bytes(),
                (key, value) -> visitor.test(chunk(topicId, key, value)));
    }

    /** The chunk that holds the position. */
    static @Nullable IndexedChunk holding(RowReader rows, long topicId, long position) {
        Found found = new Found();
        ascend(rows, topicId, position, found::take);
        return found.chunk;
    }

    /** The first chunk whose last event was recorded then or later. */
    static @Nullable IndexedChunk atOrAfter(RowReader rows, long topicId, long recordedNs) {
        Found found = new Found();
        rows.ascend(
                Family.TIMES,
                Key.of(topicId).then(Math.max(0, recordedNs)).bytes(),
                Key.of(topicId + 1).bytes(),
                (key, last) -> {
                    found.chunk = holding(rows, topicId, Key.longAt(last, 0));
                    return false;
                });
        return found.chunk;
    }

    private static IndexedChunk chunk(long topicId, byte[] key, byte[] value) {
        return new IndexedChunk(topicId, Key.longAt(key, POSITION_AT), RowParser.parse(ChunkRow.parser(), value));
    }

    private static final class Found {
        @Nullable
        IndexedChunk chunk;

        boolean take(IndexedChunk first) {
            chunk = first;
            return false;
        }
    }
}
