package io.eckermann.statemachine.topic;

import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.store.v1.ChunkRow;

/**
 * A chunk as the index knows it.
 *
 * @param last the position of its last event
 */
record IndexedChunk(long topicId, long last, ChunkRow row) {
    long first() {
        return last - row.getCount() + 1;
    }

    long lastRecordedNs() {
        return row.getFirstRecordedNs() + row.getCount() - 1;
    }

    ChunkAddress address() {
        return new ChunkAddress(row.getRaftIndex(), row.getOrdinal(), row.getOffset(), row.getLength());
    }
}
