package io.eckermann.gateway.append;

import io.eckermann.gateway.calls.Correlation;
import io.eckermann.gateway.calls.TraceContext;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import org.jspecify.annotations.Nullable;

/**
 * Puts the trace of the call into the events of its appends, as headers, where events do not say theirs. No append is
 * refused for that: what would become too large stays as it is. Of one request, by one thread.
 */
final class TraceMarks {
    private final @Nullable TraceContext trace = Correlation.current().trace();
    private final int headerBytes;
    private long room;

    /** @param requestBytes what has been sent, of all appends together */
    TraceMarks(int requestBytes) {
        this.room = (long) Limits.APPEND_BYTES_MAX - requestBytes;
        this.headerBytes = trace == null
                ? 0
                : TraceContext.PARENT.length()
                        + trace.parent().length()
                        + TraceContext.STATE.length()
                        + trace.state().length();
    }

    /**
     * The events as they are kept.
     *
     * @param said how they are encoded as they came
     */
    EncodedEvents marked(Events events, EncodedEvents said) {
        if (trace == null) {
            return said;
        }
        Events.Builder marked = Events.newBuilder();
        for (Event event : events.getEventsList()) {
            marked.addEvents(marked(event, trace));
        }
        EncodedEvents encoded = EventsCodec.encode(marked.build());
        int more = encoded.getBody().size() - said.getBody().size();
        if (more > room) {
            return said;
        }
        room -= more;
        return encoded;
    }

    private Event marked(Event event, TraceContext of) {
        int attributesMost = event.getSerializedSize() - event.getPayload().size() + headerBytes;
        boolean wants = !event.containsHeaders(TraceContext.PARENT)
                && !event.containsHeaders(TraceContext.STATE)
                && attributesMost <= Limits.EVENT_ATTRIBUTES_BYTES_MAX;
        return wants ? event.toBuilder().putAllHeaders(of.headers()).build() : event;
    }
}
