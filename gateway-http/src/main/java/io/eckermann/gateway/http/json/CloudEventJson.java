package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.RecordedEvent;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CloudEvents in their JSON format: one, or a batch of them. */
public final class CloudEventJson {
    public static final String ONE = "application/cloudevents+json";
    public static final String BATCH = "application/cloudevents-batch+json";

    private CloudEventJson() {}

    /** Reads one CloudEvent. */
    public static Events event(ByteString body) {
        return JsonText.parse(
                JsonText.utf8(body),
                "the body",
                in -> Events.newBuilder().addEvents(event(in, "")).build());
    }

    /** Reads an array of them. */
    public static Events batch(ByteString body) {
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            if (in.currentToken() != JsonToken.START_ARRAY) {
                throw JsonFields.wrong("body", "must be a JSON array of CloudEvents");
            }
            Events.Builder events = Events.newBuilder();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                if (events.getEventsCount() == Limits.APPEND_EVENTS_MAX) {
                    throw new StoreException(
                                    ErrorCode.APPEND_TOO_LARGE, "One append has at most so many events: split it.")
                            .with("max_events", Limits.APPEND_EVENTS_MAX);
                }
                events.addEvents(event(in, "[" + events.getEventsCount() + "]."));
            }
            return events.build();
        });
    }

    public static byte[] written(ShownCloudEvent event) {
        JsonBytes out = new JsonBytes();
        event.write(out);
        return out.toByteArray();
    }

    public static byte[] written(String topic, List<RecordedEvent> events) {
        JsonBytes out = new JsonBytes().raw('[');
        for (int k = 0; k < events.size(); k++) {
            if (k > 0) {
                out.raw(',');
            }
            ShownCloudEvent.of(topic, events.get(k)).write(out);
        }
        return out.raw(']').toByteArray();
    }

    private static Event event(JsonParser in, String at) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw JsonFields.wrong(
                    at.isEmpty() ? "body" : at.substring(0, at.length() - 1), "must be a CloudEvent: a JSON object");
        }
        ReceivedCloudEvent event = new ReceivedCloudEvent(at);
        Data data = new Data();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            JsonToken value = in.nextToken();
            if (value == JsonToken.VALUE_NULL) {
                // As if it were not there.
                continue;
            }
            switch (name) {
                case "data" -> data.json(in, value);
                case "data_base64" -> data.base64 = JsonFields.text(in, at + name);
                default -> attribute(event, name, in, at);
            }
        }
        data.into(event);
        return event.build();
    }

    private static void attribute(ReceivedCloudEvent event, String name, JsonParser in, String at) throws IOException {
        switch (in.currentToken()) {
            case VALUE_STRING -> event.attribute(name, JsonFields.text(in, at + name), ReceivedCloudEvent.Kind.STRING);
            case VALUE_TRUE, VALUE_FALSE -> event.attribute(name, in.getText(), ReceivedCloudEvent.Kind.BOOLEAN);
            case VALUE_NUMBER_INT -> {
                long number = JsonFields.number(in, at + name, Integer.MIN_VALUE, Integer.MAX_VALUE);
                event.attribute(name, Long.toString(number), ReceivedCloudEvent.Kind.INTEGER);
            }
            default ->
                throw event.wrong(
                        name,
                        "must be a string, true or false, or a whole number of 32 bits; other values go into data");
        }
    }

    /** What an event says, until it is known what it is. */
    private static final class Data {
        private @Nullable String json;
        private @Nullable String text;
        private @Nullable String base64;

        void json(JsonParser in, JsonToken value) throws IOException {
            text = value == JsonToken.VALUE_STRING ? in.getText() : null;
            json = JsonText.compact(in);
        }

        void into(ReceivedCloudEvent event) {
            if (json != null && base64 != null) {
                throw event.wrong("data_base64", "contradicts 'data': an event has one of them");
            }
            if (base64 != null) {
                event.data(decoded(event, base64));
            } else if (json != null) {
                event.data(bytes(event, json));
            }
        }

        private static ByteString decoded(ReceivedCloudEvent event, String base64) {
            try {
                return ByteString.copyFrom(Base64.getDecoder().decode(base64));
            } catch (IllegalArgumentException e) {
                throw event.wrong("data_base64", "is not base64 (RFC 4648, section 4)");
            }
        }

        private ByteString bytes(ReceivedCloudEvent event, String value) {
            boolean isJson = CloudEventAttributes.isJson(event.contentType());
            String bytes = isJson ? value : text;
            if (bytes == null) {
                throw event.wrong(
                        "data",
                        "must be a string, as its datacontenttype is not JSON; bytes that are no text go into data_base64");
            }
            if (!JsonText.isWellFormed(bytes)) {
                throw event.wrong("data", "holds half a surrogate pair, which is no character");
            }
            return ByteString.copyFromUtf8(bytes);
        }
    }
}
