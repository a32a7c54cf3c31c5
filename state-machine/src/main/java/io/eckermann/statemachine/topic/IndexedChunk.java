package io.eckermann.statemachine.topic;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.store.v1.ChunkRow;
import io.eckermann.statemachine.store.v1.MovedBody;

/**
 * A chunk as the index knows it.
 *
 * @param last the position of its last event
 */
record IndexedChunk(long topicId, long last, ChunkRow row) {
    long first() {
        return last - row.getCount() + 1;
    }

    /** Index of the entry that appended it. */
    long appendedAt() {
        return row.getRaftIndex();
    }

    long lastRecordedNs() {
        return row.getFirstRecordedNs() + row.getCount() - 1;
    }

    /** Where its body is. */
    ChunkAddress address() {
        if (row.hasMoved()) {
            MovedBody moved = row.getMoved();
            return new ChunkAddress(moved.getRaftIndex(), moved.getOrdinal(), 0, moved.getLength());
        }
        return appendedAddress();
    }

    /** Where its body was when it was appended. */
    ChunkAddress appendedAddress() {
        return new ChunkAddress(row.getRaftIndex(), row.getOrdinal(), row.getOffset(), row.getLength());
    }

    /** The chunk as readers get it. */
    Chunk with(ByteString body) {
        return Chunk.newBuilder()
                .setFirstPosition(first())
                .setCount(row.getCount())
                .setFirstRecordedNs(row.getFirstRecordedNs())
                .setEncoding(row.getEncoding())
                .setCrc32C(row.getCrc32C())
                .setBody(body)
                .setSkip(row.getSkip())
                .build();
    }
}
