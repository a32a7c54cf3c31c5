package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.protocol.v1.Event;
import java.io.IOException;
import java.util.Base64;
import java.util.List;

/** One event as a producer writes it in JSON, taken field by field. */
final class EventFields {
    static final List<String> KNOWN = List.of("type", "key", "tags", "headers", "time", "id", "data", "data_base64");

    private final String at;
    private final Event.Builder event = Event.newBuilder();
    private String payloadField = "";
    private String firstField = "";

    /** @param at the prefix of its fields' names in errors, e.g. {@code "events[3]."} */
    EventFields(String at) {
        this.at = at;
    }

    /** Takes the field whose value the parser stands on; its name is a known one. */
    void take(String name, JsonParser in) throws IOException {
        if (firstField.isEmpty()) {
            firstField = at + name;
        }
        switch (name) {
            case "type" -> event.setType(JsonFields.text(in, at + name));
            case "key" -> event.setKey(JsonFields.text(in, at + name));
            case "id" -> event.setId(JsonFields.text(in, at + name));
            case "tags" -> tags(in, at + name);
            case "headers" -> headers(in, at + name);
            case "time" -> event.setTimeNs(time(in, at + name));
            case "data" -> payload(name, data(in, at + name));
            case "data_base64" -> payload(name, base64(in, at + name));
            default -> throw new AssertionError(name);
        }
    }

    /** The name of the first field taken, empty when there was none. */
    String firstField() {
        return firstField;
    }

    Event build() {
        if (payloadField.isEmpty()) {
            throw JsonFields.wrong(
                    at + "data", "is missing: an event has 'data' (any JSON) or 'data_base64' (any bytes)");
        }
        return event.build();
    }

    private void tags(JsonParser in, String field) throws IOException {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            throw JsonFields.wrong(field, "must be an array of strings");
        }
        while (in.nextToken() != JsonToken.END_ARRAY) {
            event.addTags(JsonFields.text(in, field + "[" + event.getTagsCount() + "]"));
        }
    }

    private void headers(JsonParser in, String field) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw JsonFields.wrong(field, "must be an object of strings");
        }
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            if (!JsonText.isWellFormed(name)) {
                throw JsonFields.wrong(field, "has a name with half a surrogate pair, which is no character");
            }
            in.nextToken();
            event.putHeaders(name, JsonFields.text(in, field + "." + name));
        }
    }

    private static long time(JsonParser in, String field) throws IOException {
        return in.currentToken() == JsonToken.VALUE_NUMBER_INT
                ? JsonFields.number(in, field, Long.MIN_VALUE, Long.MAX_VALUE)
                : Times.parse(field, JsonFields.text(in, field));
    }

    private static ByteString data(JsonParser in, String field) throws IOException {
        String json = JsonText.compact(in);
        if (!JsonText.isWellFormed(json)) {
            throw JsonFields.wrong(field, "holds half a surrogate pair, which is no character");
        }
        return ByteString.copyFromUtf8(json);
    }

    private static ByteString base64(JsonParser in, String field) throws IOException {
        try {
            return UnsafeByteOperations.unsafeWrap(Base64.getDecoder().decode(JsonFields.text(in, field)));
        } catch (IllegalArgumentException e) {
            throw JsonFields.wrong(field, "is not base64 (RFC 4648, section 4)");
        }
    }

    private void payload(String name, ByteString payload) {
        if (!payloadField.isEmpty()) {
            throw JsonFields.wrong(at + name, "contradicts '" + at + payloadField + "': an event has one of them");
        }
        payloadField = name;
        event.setPayload(payload);
    }
}
