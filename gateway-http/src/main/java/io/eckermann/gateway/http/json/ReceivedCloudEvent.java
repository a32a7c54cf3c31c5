package io.eckermann.gateway.http.json;

import static io.eckermann.gateway.http.json.CloudEventAttributes.DATACONTENTTYPE;
import static io.eckermann.gateway.http.json.CloudEventAttributes.HEADER;
import static io.eckermann.gateway.http.json.CloudEventAttributes.HEADER_TYPE;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Event;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Becomes an event as a CloudEvent's attributes come in, from JSON or from headers. Every refusal names one of them. */
public final class ReceivedCloudEvent {
    /** What JSON and headers can say of an extension. */
    public enum Kind {
        STRING,
        INTEGER,
        BOOLEAN
    }

    private final String at;
    private final Event.Builder event = Event.newBuilder();
    private final Set<String> seen = new HashSet<>();

    /** @param at what is before an attribute's name where it comes from: {@code ""}, {@code "[3]."}, {@code "ce-"} */
    public ReceivedCloudEvent(String at) {
        this.at = at;
    }

    /**
     * Takes one attribute.
     *
     * @throws StoreException BAD_REQUEST
     */
    public void attribute(String name, String value, Kind kind) {
        if (!seen.add(name)) {
            throw wrong(name, "is given more than once");
        }
        boolean core = CloudEventAttributes.CORE.contains(name);
        if (core && kind != Kind.STRING) {
            throw wrong(name, "must be a string");
        }
        if (core && value.isEmpty()) {
            throw wrong(name, "must not be empty");
        }
        switch (name) {
            case CloudEventAttributes.SPECVERSION -> {
                if (!value.equals(CloudEventAttributes.VERSION)) {
                    throw wrong(name, "must be 1.0, the version of CloudEvents that is read here");
                }
            }
            case CloudEventAttributes.ID -> event.setId(value);
            case CloudEventAttributes.TYPE -> event.setType(value);
            case CloudEventAttributes.SUBJECT -> event.setKey(value);
            case CloudEventAttributes.TIME -> event.setTimeNs(time(value));
            case CloudEventAttributes.SOURCE, CloudEventAttributes.DATASCHEMA -> uri(name, value);
            case DATACONTENTTYPE -> {
                if (!value.contains("/")) {
                    throw wrong(name, "must be a media type, like application/json");
                }
                event.putHeaders(HEADER + name, value);
            }
            // They are given by the store: an event that was read here may be appended elsewhere as it is.
            case CloudEventAttributes.POSITION, CloudEventAttributes.RECORDED -> {}
            case CloudEventAttributes.TAGS -> tags(value);
            case CloudEventAttributes.HEADERS -> headers(value);
            default -> extension(name, value, kind);
        }
    }

    private long time(String value) {
        String name = CloudEventAttributes.TIME;
        if (!value.toUpperCase(Locale.ROOT).contains("T")) {
            throw wrong(name, "must be a time as in RFC 3339, like 2026-01-31T12:00:00Z");
        }
        return Times.parse(at + name, value);
    }

    private void uri(String name, String value) {
        try {
            event.putHeaders(HEADER + name, new URI(value).toString());
        } catch (URISyntaxException e) {
            throw wrong(name, "must be a URI, or a reference to one");
        }
    }

    private void extension(String name, String value, Kind kind) {
        if (!CloudEventAttributes.NAME.matcher(name).matches() || name.startsWith("data_")) {
            throw wrong(name, "is no name of an attribute: they have letters a to z and digits");
        }
        boolean isTrace = CloudEventAttributes.TRACE.contains(name) && kind == Kind.STRING;
        event.putHeaders(isTrace ? name : HEADER + name, value);
        if (kind != Kind.STRING) {
            event.putHeaders(HEADER + name + HEADER_TYPE, kind.name().toLowerCase(Locale.ROOT));
        }
    }

    private void tags(String value) {
        String field = at + CloudEventAttributes.TAGS;
        JsonText.parse(value, "'" + field + "'", in -> {
            if (in.currentToken() != JsonToken.START_ARRAY) {
                throw JsonFields.wrong(field, "must hold a JSON array of strings");
            }
            while (in.nextToken() != JsonToken.END_ARRAY) {
                event.addTags(JsonFields.text(in, field));
            }
            return event;
        });
    }

    private void headers(String value) {
        String field = at + CloudEventAttributes.HEADERS;
        JsonText.parse(value, "'" + field + "'", in -> {
            header(in, field);
            return event;
        });
    }

    private void header(JsonParser in, String field) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw JsonFields.wrong(field, "must hold a JSON object of strings");
        }
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            in.nextToken();
            event.putHeaders(name, JsonFields.text(in, field));
        }
    }

    /** The media type of its data as it was given; empty when it was not. */
    String contentType() {
        return event.getHeadersOrDefault(HEADER + DATACONTENTTYPE, "");
    }

    public void data(ByteString data) {
        event.setPayload(data);
    }

    /**
     * The event, once all was taken.
     *
     * @throws StoreException BAD_REQUEST naming what is missing
     */
    public Event build() {
        for (String name : CloudEventAttributes.REQUIRED) {
            if (!seen.contains(name)) {
                throw wrong(name, "is missing: a CloudEvent has specversion, id, source and type");
            }
        }
        return event.build();
    }

    StoreException wrong(String name, String rule) {
        return JsonFields.wrong(at + name, rule);
    }
}
