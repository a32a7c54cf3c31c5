package io.eckermann.client;

import io.eckermann.protocol.ChunkReader;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.ChunkSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Consecutive events as they are stored and travel: the unit of the fastest replay, as nothing is decoded until
 * {@link #events} asks for it. Immutable; any thread may use it. It shares the memory of the page that brought it, and
 * so do its events: who keeps a few of many for long should keep copies of their payloads.
 */
public final class RecordedChunk {
    private final String topic;
    private final Chunk chunk;
    /** How many events of the chunk come before the first of these. */
    private final int skip;

    private final int count;

    /** @throws StoreException DATA_CORRUPT when the slice reaches beyond its chunk */
    RecordedChunk(String topic, ChunkSlice slice) {
        this(topic, slice.getChunk(), slice.getSkip(), slice.getTake());
        if (skip < 0 || count < 0 || (long) skip + count > chunk.getCount()) {
            throw new StoreException(ErrorCode.DATA_CORRUPT, "A slice reaches beyond its chunk.")
                    .with("position", chunk.getFirstPosition());
        }
    }

    private RecordedChunk(String topic, Chunk chunk, int skip, int count) {
        this.topic = topic;
        this.chunk = chunk;
        this.skip = skip;
        this.count = count;
    }

    public String topic() {
        return topic;
    }

    /** The position of its first event. */
    public long first() {
        return chunk.getFirstPosition() + skip;
    }

    /** The position of its last event. */
    public long last() {
        return first() + count - 1;
    }

    /** How many events it holds. */
    public int count() {
        return count;
    }

    /** When its first event was recorded, in nanoseconds since 1970-01-01T00:00:00Z; each further one a nanosecond later. */
    public long firstRecordedNs() {
        return chunk.getFirstRecordedNs() + skip;
    }

    /** The length of {@link #body}. */
    public int bytes() {
        return chunk.getBody().size();
    }

    /** How {@link #body} is encoded: PLAIN is a serialized {@code eckermann.v1.Events}, others are that compressed. */
    public String encoding() {
        return chunk.getEncoding().name();
    }

    /** The bytes as they are stored, read only. They may hold events beside those of this. */
    public ByteBuffer body() {
        return chunk.getBody().asReadOnlyByteBuffer();
    }

    /**
     * Its events in the order of their positions, also when reading backward. Decodes anew at every call.
     *
     * @throws EckermannException DATA_CORRUPT when the bytes are no events
     */
    public List<RecordedEvent> events() {
        return events(new ChunkReader());
    }

    private List<RecordedEvent> events(ChunkReader reader) {
        List<io.eckermann.protocol.v1.Event> wires;
        try {
            wires = reader.events(chunk, skip, count);
        } catch (StoreException e) {
            throw Failures.exception(e);
        }
        List<RecordedEvent> events = new ArrayList<>(count);
        for (io.eckermann.protocol.v1.Event wire : wires) {
            int number = skip + events.size();
            events.add(new RecordedEvent(
                    topic, chunk.getFirstPosition() + number, chunk.getFirstRecordedNs() + number, new Event(wire)));
        }
        return events;
    }

    /**
     * The same in reading order.
     *
     * @param reader of the chunks before this one
     */
    List<RecordedEvent> events(boolean backward, ChunkReader reader) {
        List<RecordedEvent> events = events(reader);
        if (backward) {
            Collections.reverse(events);
        }
        return events;
    }

    /**
     * This, when its bytes are those that were stored.
     *
     * @throws EckermannException DATA_CORRUPT
     */
    RecordedChunk verified() {
        if (EventsCodec.crc32c(chunk.getBody()) != chunk.getCrc32C()) {
            throw Failures.exception(
                    new StoreException(ErrorCode.DATA_CORRUPT, "A chunk's bytes do not match their checksum.")
                            .with("topic", topic)
                            .with("position", chunk.getFirstPosition()));
        }
        return this;
    }

    /** Without what comes before the position; may be nothing. */
    RecordedChunk from(long position) {
        int less = (int) Math.min(count, Math.max(0, position - first()));
        return new RecordedChunk(topic, chunk, skip + less, count - less);
    }

    /** Without what comes after the position; may be nothing. */
    RecordedChunk upTo(long position) {
        int less = (int) Math.min(count, Math.max(0, last() - position));
        return new RecordedChunk(topic, chunk, skip, count - less);
    }

    @Override
    public String toString() {
        return "RecordedChunk{topic=" + topic + ", first=" + first() + ", count=" + count + ", bytes=" + bytes() + "}";
    }
}
