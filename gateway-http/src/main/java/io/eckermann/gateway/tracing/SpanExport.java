package io.eckermann.gateway.tracing;

import io.eckermann.gateway.calls.AnsweredCalls;
import io.eckermann.gateway.calls.Correlation;
import io.eckermann.gateway.calls.RequestId;
import io.eckermann.gateway.calls.TraceContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Sends a span for each request that is part of a trace which its caller records, by OTLP over HTTP. It starts no traces of
 * its own. Spans that the collector does not take in time are dropped: at most some thousands wait. Safe from any thread.
 */
public final class SpanExport implements AnsweredCalls, AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration SEND_MAX = Duration.ofSeconds(5);
    private static final long LAST_MS = 1_000;

    private static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("eckermann." + RequestId.FACT);
    private static final AttributeKey<String> PRINCIPAL = AttributeKey.stringKey("enduser.id");
    private static final AttributeKey<String> HTTP_ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> HTTP_STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> RPC_SYSTEM = AttributeKey.stringKey("rpc.system");
    private static final AttributeKey<String> RPC_STATUS = AttributeKey.stringKey("rpc.grpc.status");

    private final SdkTracerProvider spans;
    private final Tracer tracer;
    private final Clock clock;

    /**
     * Connects to nothing before there are spans.
     *
     * @param collector such as {@code http://collector:4318}; {@code /v1/traces} is added unless it has a path
     */
    public SpanExport(URI collector, String cluster, String node, Clock clock) {
        boolean hasPath = collector.getPath() != null && collector.getPath().length() > 1;
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(
                        hasPath
                                ? collector.toString()
                                : collector.resolve("/v1/traces").toString())
                .setTimeout(SEND_MAX)
                .build();
        this.clock = clock;
        this.spans = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "eckermann",
                        AttributeKey.stringKey("service.namespace"),
                        cluster,
                        AttributeKey.stringKey("service.instance.id"),
                        node)))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setScheduleDelay(EVERY)
                        .setExporterTimeout(SEND_MAX)
                        .build())
                .build();
        this.tracer = spans.get("io.eckermann");
    }

    @Override
    public void answered(Correlation call, String door, String route, String status, long startedNanos) {
        TraceContext trace = call.trace();
        if (trace == null || !trace.isSampled()) {
            return;
        }
        long nowNs = nanos(clock.instant());
        SpanBuilder span = tracer.spanBuilder(route.isEmpty() ? door : route)
                .setParent(Context.root().with(Span.wrap(parent(trace))))
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(nowNs - (System.nanoTime() - startedNanos), TimeUnit.NANOSECONDS)
                .setAttribute(REQUEST_ID, call.requestId());
        if (!call.principal().isEmpty()) {
            span.setAttribute(PRINCIPAL, call.principal());
        }
        boolean http = door.equals("http");
        if (http) {
            span.setAttribute(HTTP_ROUTE, route.substring(route.indexOf(' ') + 1))
                    .setAttribute(HTTP_STATUS, Long.parseLong(status));
        } else {
            span.setAttribute(RPC_SYSTEM, door).setAttribute(RPC_STATUS, status);
        }
        Span answered = span.startSpan();
        // What a caller did wrong is no error of this node.
        if (http ? status.startsWith("5") : !status.equals("OK") && isOurs(status)) {
            answered.setStatus(StatusCode.ERROR);
        }
        answered.end(nowNs, TimeUnit.NANOSECONDS);
    }

    private static boolean isOurs(String grpcStatus) {
        return switch (grpcStatus) {
            case "UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS" -> true;
            default -> false;
        };
    }

    private static SpanContext parent(TraceContext trace) {
        return SpanContext.createFromRemoteParent(
                trace.traceId(), trace.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
    }

    private static long nanos(Instant time) {
        return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
    }

    /** Sends what waits, if that is quick. */
    @Override
    public void close() {
        spans.shutdown().join(LAST_MS, TimeUnit.MILLISECONDS);
    }
}
