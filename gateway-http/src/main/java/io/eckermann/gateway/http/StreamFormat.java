package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.EventJson;
import io.eckermann.gateway.http.json.JsonBytes;
import io.eckermann.gateway.http.json.JsonText;
import io.eckermann.gateway.http.json.ProblemJson;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.ReadFrame;

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
            } else if (frame.hasStarted()) {
                // Not the first such frame, which became headers: events ahead were removed.
                out.raw("event: skipped\ndata: {\"next\":")
                        .number(frame.getStarted().getPosition())
                        .raw("}\n\n");
            } else if (frame.hasSlow()) {
                out.raw("event: slow\ndata: {\"stalled_ms\":")
                        .number(frame.getSlow().getStalledMillis())
                        .raw(",\"behind\":")
                        .number(frame.getSlow().getBehind())
                        .raw(",\"head\":")
                        .number(frame.getSlow().getHead())
                        .raw("}\n\n");
            } else if (frame.hasHeartbeat()) {
                out.raw("event: ping\ndata: {\"head\":")
                        .number(frame.getHeartbeat().getHead());
                if (frame.getHeartbeat().getNext() > 0) {
                    out.raw(",\"next\":").number(frame.getHeartbeat().getNext());
                }
                out.raw("}\n\n");
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

    /** Writes one event. */
    abstract void event(JsonBytes out, long position, long recordedNs, Event event);

    /** Writes a frame without events; nothing when this format does not show it. */
    abstract void sign(JsonBytes out, ReadFrame frame);

    /** Writes the last thing sent, when the read failed on its way. */
    abstract void error(JsonBytes out, StoreException error);

    private static byte[] problem(StoreException error) {
        return JsonText.bytes(out -> ProblemJson.write(out, error, error.code().httpStatus()));
    }
}
