package io.eckermann.client.cloudevents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.eckermann.client.Event;
import io.eckermann.client.RecordedEvent;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of CloudEvents, and CloudEvents of events, by the table in docs/cloudevents.md: the same as the HTTP door
 * does, so that what came in by one shows alike at the other.
 */
public final class CloudEvents {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,64}");

    private static final String UNTYPED = "eckermann.event";
    private static final String DELETED = "eckermann.deleted";
    private static final String BYTES = "application/octet-stream";

    private static final String POSITION = "eckermannposition";
    private static final String RECORDED = "eckermanntime";
    private static final String TAGS = "eckermanntags";
    private static final String HEADERS = "eckermannheaders";

    /** Of the headers that hold attributes which an event has no place for. */
    private static final String HEADER = "ce-";

    private static final String SOURCE = HEADER + "source";
    private static final String DATASCHEMA = HEADER + "dataschema";
    private static final String CONTENT_TYPE = HEADER + "datacontenttype";
    /** Behind the header of an extension, one that says that it was not a string. */
    private static final String TYPED = ".type";

    /** These are no extensions. */
    private static final Set<String> CORE = Set.of(
            "specversion",
            "id",
            "source",
            "type",
            "subject",
            "time",
            "datacontenttype",
            "dataschema",
            "data",
            "data_base64");

    /** Extensions that are headers by their own names. */
    private static final Set<String> TRACE = Set.of("traceparent", "tracestate");

    private CloudEvents() {}

    /**
     * The event to append.
     *
     * @throws IllegalArgumentException when an extension of this store does not hold what it should
     */
    public static Event event(CloudEvent from) {
        Event.Builder event = Event.builder()
                .id(from.getId())
                .type(from.getType())
                .header(SOURCE, from.getSource().toString());
        if (from.getSubject() != null) {
            event.key(from.getSubject());
        }
        OffsetDateTime time = from.getTime();
        if (time != null) {
            event.time(time.toInstant());
        }
        if (from.getDataContentType() != null) {
            event.header(CONTENT_TYPE, from.getDataContentType());
        }
        URI schema = from.getDataSchema();
        if (schema != null) {
            event.header(DATASCHEMA, schema.toString());
        }
        for (String name : from.getExtensionNames()) {
            extension(event, name, from.getExtension(name));
        }
        return event.payload(
                        from.getData() == null ? new byte[0] : from.getData().toBytes())
                .build();
    }

    private static void extension(Event.Builder event, String name, @Nullable Object value) {
        if (value == null) {
            return;
        }
        switch (name) {
            // They are given by the store: an event that was read here may be appended elsewhere as it is.
            case POSITION, RECORDED -> {}
            case TAGS -> read(name, value, new TypeReference<List<String>>() {}).forEach(event::tag);
            case HEADERS ->
                read(name, value, new TypeReference<Map<String, String>>() {}).forEach(event::header);
            default -> {
                boolean isTrace = TRACE.contains(name) && value instanceof String;
                event.header(isTrace ? name : HEADER + name, value.toString());
                if (value instanceof Boolean) {
                    event.header(HEADER + name + TYPED, "boolean");
                } else if (value instanceof Number) {
                    event.header(HEADER + name + TYPED, "integer");
                }
            }
        }
    }

    private static <T> T read(String name, Object json, TypeReference<T> as) {
        try {
            return JSON.readValue(json.toString(), as);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(name + " does not hold what this store writes there", e);
        }
    }

    /** What was read, as a CloudEvent. */
    public static CloudEvent of(RecordedEvent recorded) {
        Event event = recorded.event();
        Map<String, String> headers = new TreeMap<>(event.headers());
        CloudEventBuilder made = CloudEventBuilder.v1()
                .withId(event.id().isEmpty() ? Long.toString(recorded.position()) : event.id())
                .withSource(URI.create(headers.getOrDefault(SOURCE, "/v1/topics/" + recorded.topic())))
                .withType(event.isDeleted() ? DELETED : event.type().isEmpty() ? UNTYPED : event.type())
                .withTime(utc(event.time().orElse(recorded.recordedTime())))
                .withExtension(POSITION, Long.toString(recorded.position()))
                .withExtension(RECORDED, recorded.recordedTime().toString());
        if (!event.key().isEmpty()) {
            made = made.withSubject(event.key());
        }
        if (headers.containsKey(DATASCHEMA)) {
            made = made.withDataSchema(URI.create(headers.get(DATASCHEMA)));
        }
        if (!event.tags().isEmpty()) {
            made = made.withExtension(TAGS, written(event.tags()));
        }
        made = withHeaders(made, headers);
        String type = headers.getOrDefault(CONTENT_TYPE, "");
        if (event.payloadBytes() == 0) {
            return (type.isEmpty() ? made : made.withDataContentType(type)).build();
        }
        byte[] payload = event.payload();
        String shown = !type.isEmpty() ? type : isJson(payload) ? "application/json" : BYTES;
        return made.withData(shown, payload).build();
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    /** Attributes that were kept as headers are attributes again; other headers are one extension together. */
    private static CloudEventBuilder withHeaders(CloudEventBuilder made, Map<String, String> headers) {
        Map<String, String> others = new TreeMap<>();
        headers.forEach((header, value) -> {
            String name = header.startsWith(HEADER) ? header.substring(HEADER.length()) : "";
            String typed = name.endsWith(TYPED) ? name.substring(0, name.length() - TYPED.length()) : name;
            if (CORE.contains(name) && !name.startsWith("data_")) {
                return; // it has its own attribute
            }
            if (TRACE.contains(header)) {
                made.withExtension(header, value);
            } else if (!isExtension(typed)) {
                others.put(header, value);
            } else if (typed.equals(name)) {
                withExtension(made, name, value, headers.getOrDefault(header + TYPED, ""));
            }
        });
        return others.isEmpty() ? made : made.withExtension(HEADERS, written(others));
    }

    private static boolean isExtension(String name) {
        return NAME.matcher(name).matches() && !CORE.contains(name);
    }

    private static void withExtension(CloudEventBuilder made, String name, String value, String type) {
        switch (type) {
            case "boolean" -> made.withExtension(name, Boolean.valueOf(value));
            case "integer" -> made.withExtension(name, Integer.valueOf(value));
            default -> made.withExtension(name, value);
        }
    }

    private static String written(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isJson(byte[] payload) {
        try {
            JsonNode node = JSON.readTree(payload);
            return node != null && !node.isMissingNode();
        } catch (IOException e) {
            return false;
        }
    }
}
