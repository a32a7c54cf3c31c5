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
        List<io.eckermann.protocol.v1.Event> all =
                EventsCodec.decode(chunk.getEncoding(), chunk.getBody(), chunk.getCount());
        if (slice.getSkip() < 0 || slice.getTake() < 0 || (long) slice.getSkip() + slice.getTake() > all.size()) {
            throw new StoreException(ErrorCode.DATA_CORRUPT, "A slice reaches beyond its chunk.")
                    .with("position", chunk.getFirstPosition());
        }
        List<RecordedEvent> events = new ArrayList<>(slice.getTake());
        for (int k = slice.getSkip(); k < slice.getSkip() + slice.getTake(); k++) {
            events.add(new RecordedEvent(
                    topic, chunk.getFirstPosition() + k, chunk.getFirstRecordedNs() + k, new Event(all.get(k))));
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
