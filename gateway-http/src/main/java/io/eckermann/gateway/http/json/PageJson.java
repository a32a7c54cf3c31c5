package io.eckermann.gateway.http.json;

import io.eckermann.protocol.v1.RecordedEvent;
import java.util.List;
import java.util.OptionalLong;

/**
 * One page of a read.
 *
 * @param next where the next page begins, inclusive; 0 when reading backward has come to the first event
 * @param keyVersion when one key is read, how many events of it there are up to head
 * @param caughtUp whether everything up to head (backward: down to the first event) has been shown
 */
public record PageJson(
        List<RecordedEvent> events, long next, long head, OptionalLong keyVersion, boolean caughtUp, boolean snapped) {
    public PageJson {
        events = List.copyOf(events);
    }

    public byte[] bytes() {
        JsonBytes out = new JsonBytes().raw("{\"events\":[");
        for (int k = 0; k < events.size(); k++) {
            if (k > 0) {
                out.raw(',');
            }
            EventJson.write(out, events.get(k));
        }
        out.raw(']');
        if (next > 0) {
            out.raw(",\"next\":").number(next);
        }
        out.raw(",\"head\":").number(head);
        keyVersion.ifPresent(version -> out.raw(",\"key_version\":").number(version));
        out.raw(",\"caught_up\":").raw(Boolean.toString(caughtUp));
        out.raw(",\"snapped\":").raw(Boolean.toString(snapped));
        return out.raw('}').toByteArray();
    }
}
