package io.eckermann.client;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.ChunkSlice;
import io.eckermann.protocol.v1.EventBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Frames of a read as events. */
final class Chunks {
    private Chunks() {}

    /**
     * The events of a slice in reading order.
     *
     * @throws StoreException DATA_CORRUPT when the bytes do not match their checksum or are not what they say
     */
    static List<RecordedEvent> events(String topic, ChunkSlice slice, boolean backward) {
        Chunk chunk = slice.getChunk();
        if (EventsCodec.crc32c(chunk.getBody()) != chunk.getCrc32C()) {
            throw new StoreException(ErrorCode.DATA_CORRUPT, "A chunk's bytes do not match their checksum.")
                    .with("topic", topic)
                    .with("position", chunk.getFirstPosition());
        }
        List<RecordedEvent> events = new ArrayList<>();
        long k = slice.getSkip();
        for (io.eckermann.protocol.v1.Event event : EventsCodec.events(chunk, slice.getSkip(), slice.getTake())) {
            events.add(new RecordedEvent(
                    topic, chunk.getFirstPosition() + k, chunk.getFirstRecordedNs() + k, new Event(event)));
            k++;
        }
        if (backward) {
            Collections.reverse(events);
        }
        return events;
    }

    static List<RecordedEvent> events(String topic, EventBatch batch) {
        return batch.getEventsList().stream()
                .map(event -> new RecordedEvent(
                        topic, event.getPosition(), event.getRecordedNs(), new Event(event.getEvent())))
                .toList();
    }
}
