package io.eckermann.gateway.http.json;

import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.RecordedEvent;
import java.util.Map;
import java.util.TreeMap;

/** A recorded event as a reader gets it: attributes it does not have are left out. */
public final class EventJson {
    private static final byte[] POSITION = JsonBytes.ascii("{\"position\":");
    private static final byte[] RECORDED_TIME = JsonBytes.ascii(",\"recorded_time\":");
    private static final byte[] RECORDED_NS = JsonBytes.ascii(",\"recorded_ns\":\"");
    private static final byte[] DATA = JsonBytes.ascii(",\"data\":");
    private static final byte[] DATA_BASE64 = JsonBytes.ascii(",\"data_base64\":");

    private static final byte[] DELETED = JsonBytes.ascii(",\"deleted\":true}");

    private EventJson() {}

    /** One event object, without line breaks. */
    public static void write(JsonBytes out, RecordedEvent recorded) {
        write(out, recorded.getPosition(), recorded.getRecordedNs(), recorded.getEvent());
    }

    /** The same, of its parts. */
    public static void write(JsonBytes out, long position, long recordedNs, Event event) {
        out.raw(POSITION).number(position);
        out.raw(RECORDED_TIME).time(recordedNs);
        out.raw(RECORDED_NS).number(recordedNs).raw('"');
        if (event.getDeleted()) {
            out.raw(DELETED);
            return;
        }
        text(out, "type", event.getType());
        text(out, "key", event.getKey());
        if (event.getTagsCount() > 0) {
            char before = '[';
            name(out, "tags");
            for (String tag : event.getTagsList()) {
                out.raw(before).text(tag);
                before = ',';
            }
            out.raw(']');
        }
        if (event.getHeadersCount() > 0) {
            char before = '{';
            name(out, "headers");
            for (Map.Entry<String, String> header : new TreeMap<>(event.getHeadersMap()).entrySet()) {
                out.raw(before).text(header.getKey()).raw(':').text(header.getValue());
                before = ',';
            }
            out.raw('}');
        }
        text(out, "id", event.getId());
        if (event.hasTimeNs()) {
            name(out, "time");
            out.time(event.getTimeNs());
        }
        payload(out, event);
        out.raw('}');
    }

    private static void name(JsonBytes out, String name) {
        out.raw(",\"").raw(name).raw("\":");
    }

    private static void text(JsonBytes out, String name, String value) {
        if (!value.isEmpty()) {
            name(out, name);
            out.text(value);
        }
    }

    private static void payload(JsonBytes out, Event event) {
        int before = out.length();
        out.raw(DATA);
        if (!out.json(event.getPayload())) {
            out.shorten(before);
            out.raw(DATA_BASE64).base64(event.getPayload());
        }
    }
}
