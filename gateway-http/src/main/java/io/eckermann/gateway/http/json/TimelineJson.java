package io.eckermann.gateway.http.json;

import io.eckermann.protocol.v1.TimelineResponse;
import io.eckermann.protocol.v1.TimelineSlot;

/** Pages of a timeline. */
public final class TimelineJson {
    private TimelineJson() {}

    public static byte[] page(String topic, TimelineResponse page) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("topic", topic);
            out.writeStringField("slot", Slots.text(page.getSlotNs()));
            out.writeArrayFieldStart("slots");
            for (TimelineSlot slot : page.getSlotsList()) {
                out.writeStartObject();
                out.writeStringField("start_time", Times.rfc3339(slot.getStartNs()));
                out.writeStringField("start_ns", Long.toString(slot.getStartNs()));
                out.writeNumberField("first", slot.getFirst());
                out.writeNumberField("last", slot.getLast());
                out.writeNumberField("count", slot.getCount());
                out.writeEndObject();
            }
            out.writeEndArray();
            if (page.getNextNs() != 0) {
                out.writeStringField("next_since", Times.rfc3339(page.getNextNs()));
            }
            out.writeNumberField("first", page.getFirst());
            out.writeNumberField("head", page.getHead());
            out.writeEndObject();
        });
    }
}
