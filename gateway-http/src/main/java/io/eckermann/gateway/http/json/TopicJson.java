package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.GetHeadResponse;
import io.eckermann.protocol.v1.Topic;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import io.eckermann.protocol.v1.TruncateTopicResponse;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Topics, their settings and heads. */
public final class TopicJson {
    private static final List<String> BOUNDS = List.of("retain_age", "retain_bytes", "retain_events");
    private static final List<String> CHANGES = List.of(
            "description",
            "retain_age",
            "retain_bytes",
            "retain_events",
            "compact_keys",
            "unique_ids",
            "validate",
            "timeline_slots",
            "anonymous_read");
    private static final List<String> SETTINGS = List.of(
            "max_event_bytes",
            "description",
            "retain_age",
            "retain_bytes",
            "retain_events",
            "compact_keys",
            "unique_ids",
            "validate",
            "index_event_time",
            "timeline_slots",
            "anonymous_read");
    private static final List<String> TRUNCATION = List.of("before", "before_time");

    private TopicJson() {}

    /** Reads the settings; an empty body means all defaults. */
    public static TopicSettings settings(ByteString body) {
        if (body.isEmpty()) {
            return TopicSettings.getDefaultInstance();
        }
        TopicSettings.Builder settings = TopicSettings.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", SETTINGS, (name, value) -> {
                switch (name) {
                    case "max_event_bytes" ->
                        settings.setMaxEventBytes(JsonFields.number(value, name, 1, Limits.EVENT_PAYLOAD_BYTES_MAX));
                    case "description" -> settings.setDescription(JsonFields.text(value, name));
                    case "compact_keys" -> settings.setCompactKeys(JsonFields.flag(value, name));
                    case "unique_ids" -> settings.setUniqueIds(JsonFields.flag(value, name));
                    case "retain_age" -> settings.setRetainAgeMs(Ages.millis(JsonFields.text(value, name), name));
                    case "validate" -> settings.setValidate(ValidateJson.read(value));
                    case "anonymous_read" -> settings.setAnonymousRead(JsonFields.flag(value, name));
                    case "index_event_time" -> settings.setIndexEventTime(JsonFields.flag(value, name));
                    case "timeline_slots" -> settings.addAllTimelineSlotMs(Slots.list(value, name));
                    case "retain_bytes" -> settings.setRetainBytes(JsonFields.number(value, name, 1, Long.MAX_VALUE));
                    default -> settings.setRetainEvents(JsonFields.number(value, name, 1, Long.MAX_VALUE));
                }
            });
            return settings.build();
        });
    }

    /** Reads what changes; null takes a bound away. */
    public static UpdateTopicRequest changes(ByteString body) {
        UpdateTopicRequest.Builder changes = UpdateTopicRequest.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", CHANGES, (name, value) -> {
                boolean away = BOUNDS.contains(name) && value.currentToken() == JsonToken.VALUE_NULL;
                switch (name) {
                    case "description" -> changes.setDescription(JsonFields.text(value, name));
                    case "compact_keys" -> changes.setCompactKeys(JsonFields.flag(value, name));
                    case "unique_ids" -> changes.setUniqueIds(JsonFields.flag(value, name));
                    case "validate" -> changes.setValidate(ValidateJson.read(value));
                    case "anonymous_read" -> changes.setAnonymousRead(JsonFields.flag(value, name));
                    case "timeline_slots" -> changes.getTimelineBuilder().addAllSlotMs(Slots.list(value, name));
                    case "retain_age" ->
                        changes.setRetainAgeMs(away ? 0 : Ages.millis(JsonFields.text(value, name), name));
                    case "retain_bytes" ->
                        changes.setRetainBytes(away ? 0 : JsonFields.number(value, name, 1, Long.MAX_VALUE));
                    default -> changes.setRetainEvents(away ? 0 : JsonFields.number(value, name, 1, Long.MAX_VALUE));
                }
            });
            return changes.build();
        });
    }

    /** Reads before what a topic is truncated. */
    public static TruncateTopicRequest truncation(ByteString body) {
        TruncateTopicRequest.Builder truncation = TruncateTopicRequest.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", TRUNCATION, (name, value) -> {
                if (truncation.getBeforeCase() != TruncateTopicRequest.BeforeCase.BEFORE_NOT_SET) {
                    throw JsonFields.wrong(name, "contradicts the other field: give a position or a time");
                }
                if (name.equals("before")) {
                    truncation.setPosition(JsonFields.number(value, name, 1, Long.MAX_VALUE));
                } else {
                    truncation.setTimeNs(Times.moment(name, JsonFields.text(value, name)));
                }
            });
            return truncation.build();
        });
    }

    public static byte[] truncated(String topic, TruncateTopicResponse truncated) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("topic", topic);
            out.writeNumberField("first", truncated.getFirst());
            out.writeNumberField("head", truncated.getHead());
            out.writeEndObject();
        });
    }

    public static byte[] topic(Topic topic) {
        return JsonText.bytes(out -> write(out, topic));
    }

    public static byte[] topics(List<Topic> topics) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("topics");
            for (Topic topic : topics) {
                write(out, topic);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    public static byte[] head(String topic, GetHeadResponse head) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("topic", topic);
            out.writeNumberField("head", head.getHead());
            out.writeNumberField("first", head.getFirst());
            lastRecorded(out, head.getHead(), head.getLastRecordedNs());
            out.writeEndObject();
        });
    }

    private static void write(JsonGenerator out, Topic topic) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", topic.getName());
        out.writeNumberField("id", topic.getId());
        out.writeNumberField("head", topic.getHead());
        out.writeNumberField("first", topic.getFirst());
        out.writeNumberField("shard", topic.getShard());
        out.writeObjectFieldStart("settings");
        out.writeNumberField("max_event_bytes", topic.getSettings().getMaxEventBytes());
        out.writeStringField("description", topic.getSettings().getDescription());
        bounds(out, topic.getSettings());
        out.writeEndObject();
        out.writeStringField("created_time", Times.rfc3339(topic.getCreatedNs()));
        out.writeStringField("created_ns", Long.toString(topic.getCreatedNs()));
        lastRecorded(out, topic.getHead(), topic.getLastRecordedNs());
        out.writeNumberField("size_bytes", topic.getSizeBytes());
        out.writeEndObject();
    }

    private static void bounds(JsonGenerator out, TopicSettings settings) throws IOException {
        if (settings.getRetainAgeMs() > 0) {
            out.writeStringField("retain_age", Ages.text(settings.getRetainAgeMs()));
        }
        if (settings.getRetainBytes() > 0) {
            out.writeNumberField("retain_bytes", settings.getRetainBytes());
        }
        if (settings.getRetainEvents() > 0) {
            out.writeNumberField("retain_events", settings.getRetainEvents());
        }
        if (settings.getCompactKeys()) {
            out.writeBooleanField("compact_keys", true);
        }
        if (settings.getUniqueIds()) {
            out.writeBooleanField("unique_ids", true);
        }
        if (settings.getValidate() != TopicSettings.Validate.OFF) {
            out.writeStringField("validate", ValidateJson.text(settings.getValidate()));
        }
        if (settings.getIndexEventTime()) {
            out.writeBooleanField("index_event_time", true);
        }
        if (settings.getAnonymousRead()) {
            out.writeBooleanField("anonymous_read", true);
        }
        if (settings.getTimelineSlotMsCount() > 0) {
            out.writeArrayFieldStart("timeline_slots");
            for (long slotMs : settings.getTimelineSlotMsList()) {
                out.writeString(Slots.text(TimeUnit.MILLISECONDS.toNanos(slotMs)));
            }
            out.writeEndArray();
        }
    }

    private static void lastRecorded(JsonGenerator out, long head, long nanos) throws IOException {
        if (head > 0) {
            out.writeStringField("last_recorded_time", Times.rfc3339(nanos));
            out.writeStringField("last_recorded_ns", Long.toString(nanos));
        }
    }
}
