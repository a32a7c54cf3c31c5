package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.RecordedEvent;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A recorded event as a reader gets it: attributes it does not have are left out. */
public final class EventJson {
    private EventJson() {}

    /** One event object, without line breaks. */
    public static void write(JsonGenerator out, RecordedEvent recorded) throws IOException {
        Event event = recorded.getEvent();
        out.writeStartObject();
        out.writeNumberField("position", recorded.getPosition());
        out.writeStringField("recorded_time", Times.rfc3339(recorded.getRecordedNs()));
        out.writeStringField("recorded_ns", Long.toString(recorded.getRecordedNs()));
        text(out, "type", event.getType());
        text(out, "key", event.getKey());
        if (event.getTagsCount() > 0) {
            out.writeArrayFieldStart("tags");
            for (String tag : event.getTagsList()) {
                out.writeString(tag);
            }
            out.writeEndArray();
        }
        if (event.getHeadersCount() > 0) {
            out.writeObjectFieldStart("headers");
            for (Map.Entry<String, String> header : new TreeMap<>(event.getHeadersMap()).entrySet()) {
                out.writeStringField(header.getKey(), header.getValue());
            }
            out.writeEndObject();
        }
        text(out, "id", event.getId());
        if (event.hasTimeNs()) {
            out.writeStringField("time", Times.rfc3339(event.getTimeNs()));
        }
        payload(out, event.getPayload());
        out.writeEndObject();
    }

    private static void text(JsonGenerator out, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            out.writeStringField(name, value);
        }
    }

    private static void payload(JsonGenerator out, ByteString payload) throws IOException {
        Optional<String> json = JsonText.ofPayload(payload);
        if (json.isPresent()) {
            out.writeFieldName("data");
            out.writeRawValue(json.get());
        } else {
            out.writeBinaryField("data_base64", payload.toByteArray());
        }
    }
}
