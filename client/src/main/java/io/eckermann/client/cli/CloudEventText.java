package io.eckermann.client.cli;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.format.EventDeserializationException;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.rw.CloudEventRWException;
import io.eckermann.client.Event;
import io.eckermann.client.RecordedEvent;
import io.eckermann.client.cloudevents.CloudEvents;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Events as CloudEvents in their JSON format, one a line. */
final class CloudEventText {
    private static final JsonFormat FORMAT = new JsonFormat();

    private CloudEventText() {}

    static String write(RecordedEvent recorded) {
        return new String(FORMAT.serialize(CloudEvents.of(recorded)), StandardCharsets.UTF_8);
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static Event read(byte[] json) {
        @Nullable CloudEvent read;
        try {
            read = FORMAT.deserialize(json);
        } catch (EventDeserializationException | CloudEventRWException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new IllegalArgumentException(
                    "it is not a CloudEvent, which has specversion 1.0, id, source and type: "
                            + String.valueOf(why.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse(""),
                    e);
        }
        if (read == null) {
            throw new IllegalArgumentException("it is null, and no CloudEvent");
        }
        return CloudEvents.event(read);
    }
}
