package io.eckermann.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.eckermann.gateway.http.json.EventJson;
import io.eckermann.gateway.http.json.JsonText;
import io.eckermann.gateway.http.json.ProblemJson;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.RecordedEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How the frames of a read look on a stream. Without state. */
enum StreamFormat {
    /** One event a line; a blank line as a sign of life. */
    NDJSON(Answer.NDJSON) {
        @Override
        byte[] opening() {
            return NOTHING;
        }

        @Override
        byte[] frame(ReadFrame frame) {
            return switch (frame.getFrameCase()) {
                case EVENTS -> {
                    ByteArrayOutputStream lines = new ByteArrayOutputStream();
                    for (RecordedEvent event : frame.getEvents().getEventsList()) {
                        lines.writeBytes(json(event));
                        lines.write('\n');
                    }
                    yield lines.toByteArray();
                }
                case HEARTBEAT -> new byte[] {'\n'};
                default -> NOTHING;
            };
        }

        @Override
        byte[] error(StoreException error) {
            byte[] line = JsonText.bytes(out -> {
                out.writeStartObject();
                out.writeFieldName("error");
                problem(out, error);
                out.writeEndObject();
            });
            return joined(line, ascii("\n"));
        }
    },

    /** Server-sent events (WHATWG HTML, section 9.2). */
    SSE(Answer.SSE) {
        @Override
        byte[] opening() {
            return ascii("retry: 2000\n\n");
        }

        @Override
        byte[] frame(ReadFrame frame) {
            return switch (frame.getFrameCase()) {
                case EVENTS -> {
                    ByteArrayOutputStream events = new ByteArrayOutputStream();
                    for (RecordedEvent event : frame.getEvents().getEventsList()) {
                        events.writeBytes(ascii("id: " + event.getPosition() + "\nevent: event\ndata: "));
                        events.writeBytes(json(event));
                        events.writeBytes(ascii("\n\n"));
                    }
                    yield events.toByteArray();
                }
                case CAUGHT_UP ->
                    ascii("event: caught-up\ndata: {\"head\":"
                            + frame.getCaughtUp().getHead() + "}\n\n");
                case HEARTBEAT ->
                    ascii("event: ping\ndata: {\"head\":" + frame.getHeartbeat().getHead() + "}\n\n");
                default -> NOTHING;
            };
        }

        @Override
        byte[] error(StoreException error) {
            return joined(ascii("event: error\ndata: "), JsonText.bytes(out -> problem(out, error)), ascii("\n\n"));
        }
    };

    private static final byte[] NOTHING = {};

    private final String contentType;

    StreamFormat(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /** What is sent before the first frame. */
    abstract byte[] opening();

    /** Empty when this format does not show the frame. */
    abstract byte[] frame(ReadFrame frame);

    /** The last thing sent, when the read failed on its way. */
    abstract byte[] error(StoreException error);

    private static byte[] json(RecordedEvent event) {
        return JsonText.bytes(out -> EventJson.write(out, event));
    }

    private static void problem(JsonGenerator out, StoreException error) throws IOException {
        ProblemJson.write(out, error, error.code().httpStatus());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }
}
