package io.eckermann.gateway.schemas;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.Shards;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.TopicState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the payloads of an append with the newest schemas of their types, as this node knows them now. Reads rows and
 * may take long, so not for event loops. Safe from any thread.
 */
public final class PayloadJudge {
    private static final int FAULTS_MAX = 10;

    private final Shards shards;
    private final CompiledSchemas compiled = new CompiledSchemas();

    public PayloadJudge(Shards shards) {
        this.shards = shards;
    }

    /** Whether appends to the topic are to be judged. */
    public static boolean isWanted(TopicState topic) {
        return topic.settings().getValidate() != TopicSettings.Validate.OFF;
    }

    /**
     * Judges all events of an append.
     *
     * @param encoded passed the checks that any append has to
     * @throws StoreException SCHEMA_MISMATCH that names the event, from 1, the place in its payload, and the version
     */
    public void judge(TopicState topic, EncodedEvents encoded) {
        boolean strict = topic.settings().getValidate() == TopicSettings.Validate.STRICT;
        Map<String, PayloadSchema> schemas = new HashMap<>();
        Steps steps = new Steps();
        int number = 0;
        for (Event event : EventsCodec.decode(encoded.getEncoding(), encoded.getBody(), encoded.getCount())) {
            number++;
            PayloadSchema schema = schemas.computeIfAbsent(event.getType(), type -> newest(topic, type));
            if (schema.check() == null) {
                if (strict) {
                    throw mismatch(number, event, "The topic takes only events whose type has a schema: register one.");
                }
                continue;
            }
            List<Fault> faults = schema.check().faults(event.getPayload(), strict, 1, steps);
            if (!faults.isEmpty()) {
                throw mismatch(number, event, "The payload is not what the schema of its event's type says.")
                        .with("schema_version", schema.version())
                        .with("path", faults.get(0).path())
                        .with("reason", faults.get(0).reason());
            }
        }
    }

    /** @param check null when the type has no schema */
    private record PayloadSchema(int version, @Nullable PayloadCheck check) {}

    private PayloadSchema newest(TopicState topic, String type) {
        int version = type.isEmpty() ? 0 : shards.of(topic.id()).view().newestSchema(topic.id(), type);
        // One that was deleted just now says nothing any more.
        return new PayloadSchema(
                version,
                version == 0 ? null : compiled.find(shards.of(topic.id()).view(), topic.id(), type, version));
    }

    /** What is wrong with one payload by one schema, which exists unless it was deleted just now. */
    List<Fault> faults(long topicId, String type, int version, ByteString payload, boolean strict) {
        PayloadCheck check = compiled.find(shards.of(topicId).view(), topicId, type, version);
        return check == null ? List.of() : check.faults(payload, strict, FAULTS_MAX, new Steps());
    }

    private static StoreException mismatch(int number, Event event, String message) {
        return new StoreException(ErrorCode.SCHEMA_MISMATCH, message)
                .with("event", number)
                .with("event_type", event.getType());
    }
}
