package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.EventJson;
import io.eckermann.gateway.http.json.JsonBytes;
import io.eckermann.gateway.http.json.JsonText;
import io.eckermann.gateway.http.json.ProblemJson;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.ChunkSlice;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.RecordedEvent;
import java.util.List;

/** How the frames of a read look on a stream. Without state. */
enum StreamFormat {
    /** One event a line; a blank line as a sign of life. */
    NDJSON(Answer.NDJSON, "") {
        @Override
        void event(JsonBytes out, long position, long recordedNs, Event event) {
            EventJson.write(out, position, recordedNs, event);
            out.raw('\n');
        }

        @Override
        void sign(JsonBytes out, ReadFrame frame) {
            if (frame.hasHeartbeat()) {
                out.raw('\n');
            }
        }

        @Override
        void error(JsonBytes out, StoreException error) {
            out.raw("{\"error\":").raw(problem(error)).raw("}\n");
        }
    },

    /** Server-sent events (WHATWG HTML, section 9.2). */
    SSE(Answer.SSE, "retry: 2000\n\n") {
        @Override
        void event(JsonBytes out, long position, long recordedNs, Event event) {
            out.raw("id: ").number(position).raw("\nevent: event\ndata: ");
            EventJson.write(out, position, recordedNs, event);
            out.raw("\n\n");
        }

        @Override
        void sign(JsonBytes out, ReadFrame frame) {
            if (frame.hasCaughtUp()) {
                out.raw("event: caught-up\ndata: {\"head\":")
                        .number(frame.getCaughtUp().getHead())
                        .raw("}\n\n");
            } else if (frame.hasHeartbeat()) {
                out.raw("event: ping\ndata: {\"head\":")
                        .number(frame.getHeartbeat().getHead())
                        .raw("}\n\n");
            }
        }

        @Override
        void error(JsonBytes out, StoreException error) {
            out.raw("event: error\ndata: ").raw(problem(error)).raw("\n\n");
        }
    };

    private final String contentType;
    private final String opening;

    StreamFormat(String contentType, String opening) {
        this.contentType = contentType;
        this.opening = opening;
    }

    String contentType() {
        return contentType;
    }

    /** What is sent before the first frame, as ASCII. */
    String opening() {
        return opening;
    }

    /** Writes a frame; nothing when this format does not show it. */
    void frame(JsonBytes out, ReadFrame frame, boolean backward) {
        switch (frame.getFrameCase()) {
            case CHUNKS -> frame.getChunks().getChunksList().forEach(slice -> events(out, slice, backward));
            case EVENTS -> {
                for (RecordedEvent event : frame.getEvents().getEventsList()) {
                    event(out, event.getPosition(), event.getRecordedNs(), event.getEvent());
                }
            }
            default -> sign(out, frame);
        }
    }

    private void events(JsonBytes out, ChunkSlice slice, boolean backward) {
        Chunk chunk = slice.getChunk();
        List<Event> events = EventsCodec.events(chunk, slice.getSkip(), slice.getTake());
        for (int k = 0; k < events.size(); k++) {
            int taken = backward ? events.size() - 1 - k : k;
            int number = slice.getSkip() + taken;
            event(out, chunk.getFirstPosition() + number, chunk.getFirstRecordedNs() + number, events.get(taken));
        }
    }

    abstract void event(JsonBytes out, long position, long recordedNs, Event event);

    /** Writes a frame without events. */
    abstract void sign(JsonBytes out, ReadFrame frame);

    /** Writes the last thing sent, when the read failed on its way. */
    abstract void error(JsonBytes out, StoreException error);

    private static byte[] problem(StoreException error) {
        return JsonText.bytes(out -> ProblemJson.write(out, error, error.code().httpStatus()));
    }
}
