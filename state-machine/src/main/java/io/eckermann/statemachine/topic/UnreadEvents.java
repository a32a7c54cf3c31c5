package io.eckermann.statemachine.topic;

import io.eckermann.statemachine.Unread;
import io.eckermann.statemachine.storage.RowReader;

/** Measures what of a topic lies behind a position, by one look at the chunk that is next. */
public final class UnreadEvents {
    private UnreadEvents() {}

    /**
     * What lies behind a position.
     *
     * @param position of the last event that is done with, 0 for none; at most the topic's head
     */
    public static Unread behind(RowReader rows, Topic topic, long position) {
        long next = Math.max(position + 1, topic.tail().getFirst());
        if (next > topic.tail().getHead()) {
            return new Unread(topic.state(), next, 0, 0);
        }
        IndexedChunk chunk = ChunkTable.existing(rows, topic.id(), next);
        long readEvents = next - chunk.first();
        // Lengths are at most 2 MiB and counts at most 65,536, so this is no overflow.
        long readBytes =
                (long) chunk.row().getLength() * readEvents / chunk.row().getCount();
        long bytes = topic.appendedBytes() - chunk.row().getBytesBefore() - readBytes;
        // Chunks that share a body say its length each, and it is counted once.
        return new Unread(topic.state(), next, Math.max(0, bytes), chunk.row().getFirstRecordedNs() + readEvents);
    }
}
