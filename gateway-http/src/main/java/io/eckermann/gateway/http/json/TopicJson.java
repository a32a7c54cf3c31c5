package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.GetHeadResponse;
import io.eckermann.protocol.v1.Topic;
import io.eckermann.protocol.v1.TopicSettings;
import java.io.IOException;
import java.util.List;

/** Topics, their settings and heads. */
public final class TopicJson {
    private static final List<String> SETTINGS = List.of("max_event_bytes", "description");

    private TopicJson() {}

    /** Reads the settings; an empty body means all defaults. */
    public static TopicSettings settings(ByteString body) {
        if (body.isEmpty()) {
            return TopicSettings.getDefaultInstance();
        }
        TopicSettings.Builder settings = TopicSettings.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", SETTINGS, (name, value) -> {
                if (name.equals("max_event_bytes")) {
                    settings.setMaxEventBytes(JsonFields.number(value, name, 1, Limits.EVENT_PAYLOAD_BYTES_MAX));
                } else {
                    settings.setDescription(JsonFields.text(value, name));
                }
            });
            return settings.build();
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
        out.writeEndObject();
        out.writeStringField("created_time", Times.rfc3339(topic.getCreatedNs()));
        out.writeStringField("created_ns", Long.toString(topic.getCreatedNs()));
        lastRecorded(out, topic.getHead(), topic.getLastRecordedNs());
        out.writeNumberField("size_bytes", topic.getSizeBytes());
        out.writeEndObject();
    }

    private static void lastRecorded(JsonGenerator out, long head, long nanos) throws IOException {
        if (head > 0) {
            out.writeStringField("last_recorded_time", Times.rfc3339(nanos));
            out.writeStringField("last_recorded_ns", Long.toString(nanos));
        }
    }
}
