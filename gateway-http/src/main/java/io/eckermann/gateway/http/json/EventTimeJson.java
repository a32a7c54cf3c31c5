package io.eckermann.gateway.http.json;

import io.eckermann.protocol.v1.EventTimePage;

/** Pages in the order of business times. */
public final class EventTimeJson {
    private EventTimeJson() {}

    public static byte[] page(EventTimePage page) {
        JsonBytes out = new JsonBytes();
        out.raw("{\"events\":[");
        for (int i = 0; i < page.getEventsCount(); i++) {
            if (i > 0) {
                out.raw(',');
            }
            EventJson.write(out, page.getEvents(i));
        }
        out.raw(']');
        if (page.hasNext()) {
            out.raw(",\"next\":")
                    .text(page.getNext().getTimeNs() + ":" + page.getNext().getPosition());
        }
        out.raw(",\"first\":").number(page.getFirst());
        out.raw(",\"head\":").number(page.getHead()).raw('}');
        return out.toByteArray();
    }
}
