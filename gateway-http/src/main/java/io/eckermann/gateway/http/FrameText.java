package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.JsonBytes;
import io.eckermann.protocol.ChunkReader;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.ChunkSlice;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.RecordedEvent;
import java.util.List;

/**
 * The text of one frame, written piece by piece: events of a few bytes become lines of many, so the text of a whole frame
 * may be a hundred times its size. Between two pieces it keeps the frame and nothing made of it. Used by one thread at a
 * time.
 */
final class FrameText {
    /** How many events of a chunk are made at once. */
    private static final int EVENTS_TOGETHER = 4_096;

    private final StreamFormat format;
    private final ReadFrame frame;
    private final boolean backward;
    private final ChunkReader reader = new ChunkReader();
    /** What was written: whole slices, or events of a frame of events, and events of the slice after those. */
    private int written;

    private int writtenOfSlice;

    FrameText(StreamFormat format, ReadFrame frame, boolean backward) {
        this.format = format;
        this.frame = frame;
        this.backward = backward;
    }

    /** Writes whole events until there are that many bytes, or one event more; returns whether that was the last. */
    boolean write(JsonBytes out, int bytes) {
        switch (frame.getFrameCase()) {
            case CHUNKS -> {
                List<ChunkSlice> slices = frame.getChunks().getChunksList();
                while (written < slices.size() && out.length() < bytes) {
                    some(out, slices.get(written), bytes);
                }
                return written == slices.size();
            }
            case EVENTS -> {
                List<RecordedEvent> events = frame.getEvents().getEventsList();
                while (written < events.size() && out.length() < bytes) {
                    RecordedEvent event = events.get(written++);
                    format.event(out, event.getPosition(), event.getRecordedNs(), event.getEvent());
                }
                return written == events.size();
            }
            default -> {
                format.sign(out, frame);
                return true;
            }
        }
    }

    private void some(JsonBytes out, ChunkSlice slice, int bytes) {
        Chunk chunk = slice.getChunk();
        int take = Math.min(EVENTS_TOGETHER, slice.getTake() - writtenOfSlice);
        int skip = slice.getSkip() + (backward ? slice.getTake() - writtenOfSlice - take : writtenOfSlice);
        List<Event> events = reader.events(chunk, skip, take);
        for (int k = 0; k < take && out.length() < bytes; k++) {
            int taken = backward ? take - 1 - k : k;
            int number = skip + taken;
            format.event(
                    out, chunk.getFirstPosition() + number, chunk.getFirstRecordedNs() + number, events.get(taken));
            writtenOfSlice++;
        }
        if (writtenOfSlice == slice.getTake()) {
            written++;
            writtenOfSlice = 0;
        }
    }
}
