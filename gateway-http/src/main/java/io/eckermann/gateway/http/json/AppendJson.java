package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What an append says and what it is told, in JSON and NDJSON. */
public final class AppendJson {
    private static final List<String> BODY_FIELDS = bodyFields();

    private AppendJson() {}

    /** Reads {@code {"events":[…]}} or one event object, with {@code "conditions"} beside, if any. */
    public static AppendRequest.Builder request(ByteString body) {
        return JsonText.parse(JsonText.utf8(body), "the body", AppendJson::bodyObject);
    }

    /** Reads one event object a line; lines of white space are passed over. */
    public static Events eventsOfLines(ByteString body) {
        Events.Builder events = Events.newBuilder();
        int number = 0;
        // Not split: a body of nothing but line ends must not become millions of strings.
        for (String line : (Iterable<String>) JsonText.utf8(body).lines()::iterator) {
            number++;
            if (!line.isBlank()) {
                String where = "line " + number;
                add(events, JsonText.parse(line, where, in -> event(in, where + ": ")));
            }
        }
        return events.build();
    }

    public static byte[] answer(AppendResponse appended) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            fields(out, appended);
            if (appended.getDuplicate()) {
                out.writeBooleanField("duplicate", true);
            }
            out.writeEndObject();
        });
    }

    static void fields(JsonGenerator out, AppendResponse appended) throws IOException {
        out.writeNumberField("first", appended.getFirst());
        out.writeNumberField("last", appended.getLast());
        out.writeNumberField("head", appended.getHead());
        out.writeStringField("recorded_time", Times.rfc3339(appended.getRecordedNs()));
        out.writeStringField("recorded_ns", Long.toString(appended.getRecordedNs()));
    }

    private static AppendRequest.Builder bodyObject(JsonParser in) throws IOException {
        if (in.currentToken() == JsonToken.START_ARRAY) {
            throw JsonFields.wrong("body", "is an array: write {\"events\":[…]}, or one event object");
        }
        AppendRequest.Builder request = AppendRequest.newBuilder();
        EventFields single = new EventFields("");
        JsonFields.object(in, "", BODY_FIELDS, (name, value) -> {
            if (name.equals("events")) {
                request.setEvents(events(value, "events"));
            } else if (name.equals(ConditionsJson.FIELD)) {
                request.addAllConditions(ConditionsJson.read(value, ConditionsJson.FIELD));
            } else {
                single.take(name, value);
            }
        });
        if (!request.hasEvents()) {
            return request.setEvents(Events.newBuilder().addEvents(single.build()));
        }
        if (!single.firstField().isEmpty()) {
            throw JsonFields.wrong(
                    single.firstField(), "contradicts 'events': the body is either a list of events or one event");
        }
        return request;
    }

    /** @param at the array's name in errors */
    static Events events(JsonParser in, String at) throws IOException {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            throw JsonFields.wrong(at, "must be an array of event objects");
        }
        Events.Builder events = Events.newBuilder();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            add(events, event(in, at + "[" + events.getEventsCount() + "]."));
        }
        return events.build();
    }

    private static Event event(JsonParser in, String at) throws IOException {
        EventFields fields = new EventFields(at);
        JsonFields.object(in, at, EventFields.KNOWN, fields::take);
        return fields.build();
    }

    private static void add(Events.Builder events, Event event) {
        if (events.getEventsCount() == Limits.APPEND_EVENTS_MAX) {
            throw new StoreException(ErrorCode.APPEND_TOO_LARGE, "One append has at most so many events: split it.")
                    .with("max_events", Limits.APPEND_EVENTS_MAX);
        }
        events.addEvents(event);
    }

    private static List<String> bodyFields() {
        List<String> fields = new ArrayList<>(EventFields.KNOWN);
        fields.add(0, "events");
        fields.add(1, ConditionsJson.FIELD);
        return List.copyOf(fields);
    }
}
