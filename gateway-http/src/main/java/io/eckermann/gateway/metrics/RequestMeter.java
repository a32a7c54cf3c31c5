package io.eckermann.gateway.metrics;

import io.eckermann.gateway.calls.AnsweredCalls;
import io.eckermann.gateway.calls.Correlation;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.concurrent.TimeUnit;

/** Counts the requests of both doors, and how long they took; and tells others of them. */
public final class RequestMeter implements AnsweredCalls {
    private static final double[] BOUNDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Histogram durations;
    private volatile AnsweredCalls others = (call, door, route, status, startedNanos) -> {};

    RequestMeter(PrometheusRegistry registry) {
        durations = Histogram.builder()
                .name("eckermann_request_duration_seconds")
                .unit(Unit.SECONDS)
                .help(
                        "Requests until they were answered; streams over HTTP until their first frame, calls until their end.")
                .labelNames("door", "route", "status")
                .classicOnly()
                .classicUpperBounds(BOUNDS)
                .withoutExemplars()
                .register(registry);
    }

    /** Has somebody else told as well, from now on. */
    public void tell(AnsweredCalls whom) {
        others = whom;
    }

    @Override
    public void answered(Correlation call, String door, String route, String status, long startedNanos) {
        durations.labelValues(door, route, status).observe((System.nanoTime() - startedNanos) / NANOS_PER_SECOND);
        others.answered(call, door, route, status, startedNanos);
    }
}
