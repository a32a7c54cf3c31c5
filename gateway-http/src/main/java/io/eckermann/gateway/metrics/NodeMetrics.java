package io.eckermann.gateway.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All of a node's metrics, and how they are written down. */
public final class NodeMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(NodeMetrics.class);

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final RequestMeter requests = new RequestMeter(registry);
    private final List<Source> sources = new CopyOnWriteArrayList<>();
    private final AtomicLong failures = new AtomicLong();

    /** With what the JVM and its process tell of themselves. */
    public NodeMetrics() {
        JvmMemoryMetrics.builder().register(registry);
        JvmBufferPoolMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
        JvmRuntimeInfoMetric.builder().register(registry);
        ProcessMetrics.builder().register(registry);
        registry.register(this::collect);
    }

    /** A scrape's answer. */
    public record Page(String contentType, String text) {}

    /** Where the doors count. */
    public RequestMeter requests() {
        return requests;
    }

    /** Is asked from now on at each scrape. */
    public void add(Source source) {
        sources.add(source);
    }

    /**
     * What is known now, as OpenMetrics where that is asked for, else in Prometheus' own text format. May touch the disk.
     *
     * @param accept the request's Accept header; empty when there is none
     */
    public Page page(String accept) {
        ExpositionFormatWriter writer =
                accept.contains(OpenMetricsTextFormatWriter.CONTENT_TYPE.split(";", 2)[0])
                        ? formats.getOpenMetricsTextFormatWriter()
                        : formats.getPrometheusTextFormatWriter();
        ByteArrayOutputStream text = new ByteArrayOutputStream(64 << 10);
        try {
            writer.write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Page(writer.getContentType(), text.toString(StandardCharsets.UTF_8));
    }

    /** What one source fails to tell does not hide what the others do. */
    private MetricSnapshots collect() {
        Samples samples = new Samples();
        for (Source source : sources) {
            try {
                source.tell(samples);
            } catch (RuntimeException e) {
                failures.incrementAndGet();
                LOG.debug("Some metrics are missing in a scrape", e);
            }
        }
        samples.counter(
                "eckermann_metrics_failures_total",
                "Times that a part of the metrics was missing in a scrape, as it could not be found out.",
                failures.get());
        return samples.collected();
    }
}
