package io.eckermann.gateway.http.json;

import io.eckermann.protocol.v1.RecordedEvent;
import java.util.List;

/**
 * One page of a read.
 *
 * @param next where the next page begins, inclusive; 0 when reading backward has come to the first event
 * @param caughtUp whether everything up to head (backward: down to the first event) has been shown
 */
public record PageJson(List<RecordedEvent> events, long next, long head, boolean caughtUp, boolean snapped) {
    public PageJson {
        events = List.copyOf(events);
    }

    public byte[] bytes() {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("events");
            for (RecordedEvent event : events) {
                EventJson.write(out, event);
            }
            out.writeEndArray();
            if (next > 0) {
                out.writeNumberField("next", next);
            }
            out.writeNumberField("head", head);
            out.writeBooleanField("caught_up", caughtUp);
            out.writeBooleanField("snapped", snapped);
            out.writeEndObject();
        });
    }
}
