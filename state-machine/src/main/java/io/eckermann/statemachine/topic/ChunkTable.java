package io.eckermann.statemachine.topic;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowParser;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.storage.StoreReader;
import io.eckermann.statemachine.store.v1.ChunkRow;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The chunks of topics, by their last position. */
final class ChunkTable {
    private static final int POSITION_AT = Long.BYTES;

    private ChunkTable() {}

    /** Writes a chunk as it is now. */
    static void put(StoreBatch batch, IndexedChunk chunk) {
        batch.put(
                Family.CHUNKS,
                Key.of(chunk.topicId()).then(chunk.last()).bytes(),
                chunk.row().toByteArray());
    }

    /**
     * Removes chunks that wholly lie before a position.
     *
     * @param first the oldest chunk there is
     */
    static void removeBefore(StoreBatch batch, IndexedChunk first, long position) {
        long topicId = first.topicId();
        batch.deleteRange(
                Family.CHUNKS,
                Key.of(topicId).then(first.last()).bytes(),
                Key.of(topicId).then(position).bytes());
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

    /**
     * The chunk that holds a position which the topic has.
     *
     * @throws StoreException DATA_CORRUPT when there is none
     */
    static IndexedChunk existing(RowReader rows, long topicId, long position) {
        IndexedChunk chunk = holding(rows, topicId, position);
        if (chunk == null) {
            throw new StoreException(ErrorCode.DATA_CORRUPT, "No chunk holds an event that the topic has.")
                    .with("topic_id", topicId)
                    .with("position", position);
        }
        return chunk;
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
