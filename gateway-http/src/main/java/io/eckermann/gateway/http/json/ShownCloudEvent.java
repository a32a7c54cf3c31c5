package io.eckermann.gateway.http.json;

import static io.eckermann.gateway.http.json.CloudEventAttributes.HEADER;
import static io.eckermann.gateway.http.json.CloudEventAttributes.HEADER_TYPE;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A recorded event as a CloudEvent.
 *
 * @param attributes in the order they are shown in, without datacontenttype
 * @param literals of these, the extensions that JSON writes without quotes
 * @param contentType of the payload, as far as anybody said; else empty
 */
public record ShownCloudEvent(
        Map<String, String> attributes, Map<String, String> literals, String contentType, ByteString payload) {
    private static final String BYTES = "application/octet-stream";

    /** Of an event that names no type. */
    private static final String UNTYPED = "eckermann.event";

    private static final String DELETED = "eckermann.deleted";

    public static ShownCloudEvent of(String topic, RecordedEvent recorded) {
        Event event = recorded.getEvent();
        Map<String, String> all = new LinkedHashMap<>();
        all.put(CloudEventAttributes.SPECVERSION, CloudEventAttributes.VERSION);
        all.put(
                CloudEventAttributes.ID,
                event.getId().isEmpty() ? Long.toString(recorded.getPosition()) : event.getId());
        all.put(CloudEventAttributes.SOURCE, event.getHeadersOrDefault(HEADER + "source", "/v1/topics/" + topic));
        all.put(
                CloudEventAttributes.TYPE,
                event.getDeleted() ? DELETED : event.getType().isEmpty() ? UNTYPED : event.getType());
        if (!event.getKey().isEmpty()) {
            all.put(CloudEventAttributes.SUBJECT, event.getKey());
        }
        all.put(
                CloudEventAttributes.TIME,
                Times.rfc3339(event.hasTimeNs() ? event.getTimeNs() : recorded.getRecordedNs()));
        Map<String, String> literals = new LinkedHashMap<>();
        headers(event, all, literals);
        all.put(CloudEventAttributes.POSITION, Long.toString(recorded.getPosition()));
        all.put(CloudEventAttributes.RECORDED, Times.rfc3339(recorded.getRecordedNs()));
        if (event.getTagsCount() > 0) {
            all.put(CloudEventAttributes.TAGS, text(out -> {
                char before = '[';
                for (String tag : event.getTagsList()) {
                    out.raw(before).text(tag);
                    before = ',';
                }
                out.raw(']');
            }));
        }
        return new ShownCloudEvent(
                all, literals, event.getHeadersOrDefault(HEADER + "datacontenttype", ""), event.getPayload());
    }

    /** Attributes that were kept as headers are attributes again; other headers are one extension together. */
    private static void headers(Event event, Map<String, String> all, Map<String, String> literals) {
        Map<String, String> others = new TreeMap<>();
        new TreeMap<>(event.getHeadersMap()).forEach((header, value) -> {
            String name = header.startsWith(HEADER) ? header.substring(HEADER.length()) : "";
            String typed = name.endsWith(HEADER_TYPE) ? name.substring(0, name.length() - HEADER_TYPE.length()) : "";
            if (name.equals("source") || name.equals("datacontenttype")) {
                return;
            }
            if (CloudEventAttributes.TRACE.contains(header)) {
                all.put(header, value);
            } else if (name.equals("dataschema") || isExtension(name)) {
                all.put(name, value);
            } else if (isExtension(typed)) {
                literals.put(typed, value);
            } else {
                others.put(header, value);
            }
        });
        if (!others.isEmpty()) {
            all.put(CloudEventAttributes.HEADERS, text(out -> {
                char before = '{';
                for (Map.Entry<String, String> other : others.entrySet()) {
                    out.raw(before).text(other.getKey()).raw(':').text(other.getValue());
                    before = ',';
                }
                out.raw('}');
            }));
        }
    }

    private static boolean isExtension(String name) {
        return CloudEventAttributes.NAME.matcher(name).matches() && !CloudEventAttributes.CORE.contains(name);
    }

    private interface Body {
        void write(JsonBytes out);
    }

    private static String text(Body body) {
        JsonBytes out = new JsonBytes();
        body.write(out);
        return new String(out.array(), 0, out.length(), StandardCharsets.UTF_8);
    }

    /** The content type of the payload by itself: what was said, else what it is. */
    public String shownContentType() {
        if (!contentType.isEmpty()) {
            return contentType;
        }
        return new JsonBytes().json(payload) ? "application/json" : BYTES;
    }

    /** Writes it as one JSON object, as in the JSON format of CloudEvents. */
    void write(JsonBytes out) {
        char before = '{';
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            out.raw(before).text(attribute.getKey()).raw(':');
            if (literals.containsKey(attribute.getKey())) {
                out.raw(attribute.getValue());
            } else {
                out.text(attribute.getValue());
            }
            before = ',';
        }
        if (payload.isEmpty()) {
            contentType(out, contentType);
        } else {
            data(out);
        }
        out.raw('}');
    }

    private void data(JsonBytes out) {
        int start = out.length();
        if (CloudEventAttributes.isJson(contentType)) {
            contentType(out, contentType);
            out.raw(",\"data\":");
            if (out.json(payload)) {
                return;
            }
            out.shorten(start);
        } else if (CloudEventAttributes.isText(contentType) && payload.isValidUtf8()) {
            contentType(out, contentType);
            out.raw(",\"data\":").text(payload.toStringUtf8());
            return;
        }
        contentType(out, contentType.isEmpty() ? BYTES : contentType);
        out.raw(",\"data_base64\":").base64(payload);
    }

    private static void contentType(JsonBytes out, String type) {
        if (!type.isEmpty()) {
            out.raw(",\"datacontenttype\":").text(type);
        }
    }
}
