package io.eckermann.client.tracing;

import io.eckermann.client.Event;
import io.eckermann.client.RecordedEvent;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a trace from who appends to who consumes, in the events' headers {@code traceparent} and {@code tracestate}:
 *
 * <pre>{@code
 * store.append("orders", Traces.marked(event));
 * store.consume("orders", "billing", event -> Traces.during(event, () -> bill(event)));
 * }</pre>
 *
 * <p>Without an SDK of OpenTelemetry there is no trace, and both do nothing more. Safe from any thread.
 */
public final class Traces {
    private static final String PARENT = "traceparent";
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<Map<String, String>> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> headers) {
            return headers.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> headers, String name) {
            return headers == null ? null : headers.get(name);
        }
    };

    private Traces() {}

    /** The event as a part of the trace that this thread is in; as it is when there is none, or when it says one itself. */
    public static Event marked(Event event) {
        Map<String, String> headers = new HashMap<>();
        W3C.inject(Context.current(), headers, (to, name, value) -> {
            if (to != null) {
                to.put(name, value);
            }
        });
        return headers.isEmpty() || event.headers().containsKey(PARENT) ? event : event.withHeaders(headers);
    }

    /** What the event is part of: for a span that has it as its parent, or as a link. The root context when it is of no trace. */
    public static Context of(RecordedEvent event) {
        return W3C.extract(Context.root(), event.event().headers(), HEADERS);
    }

    /** Does something about the event; within, spans are parts of its trace. */
    public static void during(RecordedEvent event, Runnable act) {
        of(event).wrap(act).run();
    }
}
