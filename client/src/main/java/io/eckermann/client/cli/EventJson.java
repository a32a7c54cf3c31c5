package io.eckermann.client.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.Event;
import io.eckermann.client.RecordedEvent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Events as JSON objects of the shape the HTTP door has: {@code data} holds a payload that is JSON,
 * {@code data_base64} any other.
 */
final class EventJson {
    private EventJson() {}

    /**
     * Reads one event.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static Event read(String json) {
        try {
            JsonNode node = Json.MAPPER.readTree(json);
            if (!(node instanceof ObjectNode object)) {
                throw new IllegalArgumentException("an event is a JSON object such as {\"type\":\"Paid\",\"data\":{}}");
            }
            return read(object);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    static ObjectNode write(RecordedEvent recorded) {
        Event event = recorded.event();
        ObjectNode json = Json.object();
        json.put("position", recorded.position());
        json.put("recorded_time", Times.exact(recorded.recordedTime()));
        json.put("recorded_ns", Long.toString(recorded.recordedNs()));
        if (event.isDeleted()) {
            return json.put("deleted", true);
        }
        putText(json, "type", event.type());
        putText(json, "key", event.key());
        if (!event.tags().isEmpty()) {
            ArrayNode tags = json.putArray("tags");
            event.tags().forEach(tags::add);
        }
        if (!event.headers().isEmpty()) {
            ObjectNode headers = json.putObject("headers");
            new TreeMap<>(event.headers()).forEach(headers::put);
        }
        putText(json, "id", event.id());
        event.time().ifPresent(time -> json.put("time", Times.exact(time)));
        Optional<JsonNode> data = text(event.payloadBuffer()).flatMap(EventJson::parsed);
        if (data.isPresent()) {
            json.set("data", data.get());
        } else {
            json.put("data_base64", Base64.getEncoder().encodeToString(event.payload()));
        }
        return json;
    }

    /** The bytes as text when they are UTF-8. */
    static Optional<String> text(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    static Event read(ObjectNode json) {
        Event.Builder event = Event.builder();
        if (json.has("data") == json.has("data_base64")) {
            throw new IllegalArgumentException("an event has either data (any JSON) or data_base64 (any bytes)");
        }
        json.properties().forEach(field -> {
            String name = field.getKey();
            JsonNode value = field.getValue();
            switch (name) {
                case "type" -> event.type(text(name, value));
                case "key" -> event.key(text(name, value));
                case "id" -> event.id(text(name, value));
                case "time" -> event.time(time(text(name, value)));
                case "tags" -> {
                    checked(name, value.isArray(), "an array of strings");
                    value.forEach(tag -> event.tag(text(name, tag)));
                }
                case "headers" -> {
                    checked(name, value.isObject(), "an object of strings");
                    value.properties().forEach(h -> event.header(h.getKey(), text(name, h.getValue())));
                }
                case "data" -> event.payload(Json.text(value));
                case "data_base64" -> event.payload(base64(text(name, value)));
                // What read and tail write can be appended again as it is.
                case "position", "recorded_time", "recorded_ns" -> {}
                default ->
                    throw new IllegalArgumentException("an event has no field " + name
                            + ": it has type, key, id, time, tags, headers, and data or data_base64");
            }
        });
        return event.build();
    }

    private static Optional<JsonNode> parsed(String text) {
        try {
            JsonNode node = Json.MAPPER.readTree(text);
            return node.isMissingNode() ? Optional.empty() : Optional.of(node);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String text(String name, JsonNode value) {
        checked(name, value.isTextual(), "text");
        return value.textValue();
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("time is not RFC 3339, such as 2026-11-21T10:00:00Z: " + text, e);
        }
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("data_base64 is not base64", e);
        }
    }

    private static void checked(String name, boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is not " + what);
        }
    }

    private static void putText(ObjectNode json, String name, String text) {
        if (!text.isEmpty()) {
            json.put(name, text);
        }
    }
}
