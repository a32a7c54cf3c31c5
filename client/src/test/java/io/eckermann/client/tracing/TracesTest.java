package io.eckermann.client.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.Event;
import io.eckermann.client.RecordedEvent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";
    private static final SpanContext CALLER = SpanContext.create(
            TRACE,
            SPAN,
            TraceFlags.getSampled(),
            TraceState.builder().put("v", "1").build());

    @Test
    void eventTakesTheTraceOfItsThreadToWhoGetsIt() throws Exception {
        Event event = Event.builder().payload("x").header("region", "eu").build();
        Event marked = Context.root()
                .with(Span.wrap(CALLER))
                .wrap(() -> Traces.marked(event))
                .call();
        assertThat(marked.headers())
                .containsOnly(
                        Map.entry("region", "eu"), Map.entry("traceparent", PARENT), Map.entry("tracestate", "v=1"));
        AtomicReference<SpanContext> within = new AtomicReference<>(SpanContext.getInvalid());
        Traces.during(recorded(marked), () -> within.set(Span.current().getSpanContext()));
        SpanContext seen = Objects.requireNonNull(within.get());
        assertThat(seen.getTraceId()).isEqualTo(TRACE);
        assertThat(seen.getSpanId()).isEqualTo(SPAN);
        assertThat(seen.isSampled()).isTrue();
        assertThat(seen.getTraceState().get("v")).isEqualTo("1");
        assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }

    @Test
    void eventOfNoTraceStaysAsItIsAndSoDoesOneThatSaysItsOwn() throws Exception {
        Event plain = Event.of("x");
        assertThat(Traces.marked(plain)).isSameAs(plain);
        assertThat(Span.fromContext(Traces.of(recorded(plain))).getSpanContext().isValid())
                .isFalse();
        Event own = Event.builder().header("traceparent", "its own").build();
        assertThat(Context.root()
                        .with(Span.wrap(CALLER))
                        .wrap(() -> Traces.marked(own))
                        .call())
                .isSameAs(own);
    }

    private static RecordedEvent recorded(Event event) {
        return new RecordedEvent("orders", 7, 1, event);
    }
}
