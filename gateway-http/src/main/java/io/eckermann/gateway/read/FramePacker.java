package io.eckermann.gateway.read;

import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.ChunkReader;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.ChunkBatch;
import io.eckermann.protocol.v1.ChunkSlice;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.EventBatch;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Packs what is wanted into frames, of the format that was asked for and no larger than they may be. Immutable. */
final class FramePacker {
    /** A page of compressed chunks may hold far more than it weighs; what is behind this is in another frame. */
    private static final long UNPACKED_BYTES_MAX = 4L * Limits.APPEND_BYTES_MAX;

    /** Of one frame of chunks; one chunk has no more. */
    private static final int FRAME_EVENTS_MAX = Limits.APPEND_EVENTS_MAX;

    private final boolean forward;
    private final ReadRequest.Format format;
    private final long frameBytesMax;

    FramePacker(ReadRequest request, long frameBytesMax) {
        this.forward = request.getDirection() == Direction.FORWARD;
        this.format = request.getFormat();
        this.frameBytesMax = frameBytesMax;
    }

    /** Frames of what was cut of chunks, which are in reading order. */
    List<ReadFrame> ofSlices(List<ChunkSlice> slices) {
        List<ReadFrame> frames = new ArrayList<>();
        if (format == ReadRequest.Format.CHUNKS) {
            addChunks(slices, frames);
        } else {
            List<RecordedEvent> events = new ArrayList<>();
            ChunkReader reader = new ChunkReader();
            slices.forEach(slice -> events.addAll(events(reader, slice)));
            addBatches(events, frames);
        }
        return frames;
    }

    /** Frames of single events, which are in reading order. */
    List<ReadFrame> ofEvents(List<RecordedEvent> events) {
        List<ReadFrame> frames = new ArrayList<>();
        if (format == ReadRequest.Format.CHUNKS) {
            addChunks(events.stream().map(FramePacker::alone).toList(), frames);
        } else {
            addBatches(events, frames);
        }
        return frames;
    }

    /** How many bytes the events of the body are, once unpacked. */
    static long plainSize(Chunk chunk) {
        return BodyCompression.plainSize(chunk.getEncoding(), chunk.getBody());
    }

    /** One event as a chunk, for who reads chunks: the stored one holds others, which were not asked for. */
    private static ChunkSlice alone(RecordedEvent event) {
        EncodedEvents encoded = EventsCodec.encode(List.of(event.getEvent()));
        return ChunkSlice.newBuilder()
                .setChunk(Chunk.newBuilder()
                        .setFirstPosition(event.getPosition())
                        .setCount(1)
                        .setFirstRecordedNs(event.getRecordedNs())
                        .setEncoding(encoded.getEncoding())
                        .setCrc32C(encoded.getCrc32C())
                        .setBody(encoded.getBody()))
                .setTake(1)
                .build();
    }

    /** Chunks are together in a frame as long as they fit, also when whoever gets it unpacks them. */
    private void addChunks(List<ChunkSlice> slices, List<ReadFrame> frames) {
        ChunkBatch.Builder batch = ChunkBatch.newBuilder();
        long bytes = 0;
        long unpacked = 0;
        long events = 0;
        for (ChunkSlice slice : slices) {
            long more = slice.getChunk().getBody().size();
            long moreUnpacked = plainSize(slice.getChunk());
            boolean full = bytes + more > frameBytesMax
                    || unpacked + moreUnpacked > UNPACKED_BYTES_MAX
                    || events + slice.getTake() > FRAME_EVENTS_MAX;
            if (batch.getChunksCount() > 0 && full) {
                frames.add(ReadFrame.newBuilder().setChunks(batch).build());
                batch = ChunkBatch.newBuilder();
                bytes = 0;
                unpacked = 0;
                events = 0;
            }
            batch.addChunks(slice);
            events += slice.getTake();
            bytes += more;
            unpacked += moreUnpacked;
        }
        if (batch.getChunksCount() > 0) {
            frames.add(ReadFrame.newBuilder().setChunks(batch).build());
        }
    }

    private List<RecordedEvent> events(ChunkReader reader, ChunkSlice slice) {
        Chunk chunk = slice.getChunk();
        List<RecordedEvent> events = new ArrayList<>(slice.getTake());
        long k = slice.getSkip();
        for (Event event : reader.events(chunk, slice.getSkip(), slice.getTake())) {
            events.add(RecordedEvent.newBuilder()
                    .setPosition(chunk.getFirstPosition() + k)
                    .setRecordedNs(chunk.getFirstRecordedNs() + k)
                    .setEvent(event)
                    .build());
            k++;
        }
        if (!forward) {
            Collections.reverse(events);
        }
        return events;
    }

    private void addBatches(List<RecordedEvent> events, List<ReadFrame> frames) {
        EventBatch.Builder batch = EventBatch.newBuilder();
        long bytes = 0;
        for (RecordedEvent event : events) {
            long eventBytes = event.getSerializedSize();
            if (batch.getEventsCount() > 0 && bytes + eventBytes > frameBytesMax) {
                frames.add(ReadFrame.newBuilder().setEvents(batch).build());
                batch = EventBatch.newBuilder();
                bytes = 0;
            }
            batch.addEvents(event);
            bytes += eventBytes;
        }
        if (batch.getEventsCount() > 0) {
            frames.add(ReadFrame.newBuilder().setEvents(batch).build());
        }
    }
}
