package io.eckermann.gateway.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects what sources tell at one scrape. Used by one thread. */
final class Samples {
    private static final String TOTAL = "_total";

    private final Map<String, MetricSnapshot.Builder<?>> metrics = new TreeMap<>();

    /** A whole number. */
    void gauge(String name, String help, long value, String... labels) {
        gauge(name, help, (double) value, labels);
    }

    /** @param labels names and values in turn; one metric has the same names each time */
    void gauge(String name, String help, double value, String... labels) {
        GaugeSnapshot.Builder gauge = (GaugeSnapshot.Builder)
                metrics.computeIfAbsent(name, any -> described(GaugeSnapshot.builder(), name, help));
        gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .value(value)
                .labels(Labels.of(labels))
                .build());
    }

    /** A whole number. */
    void counter(String name, String help, long value, String... labels) {
        counter(name, help, (double) value, labels);
    }

    /** @param name ends with {@code _total} */
    void counter(String name, String help, double value, String... labels) {
        assert name.endsWith(TOTAL) : name;
        CounterSnapshot.Builder counter = (CounterSnapshot.Builder) metrics.computeIfAbsent(
                name,
                any -> described(CounterSnapshot.builder(), name.substring(0, name.length() - TOTAL.length()), help));
        counter.dataPoint(CounterDataPointSnapshot.builder()
                .value(value)
                .labels(Labels.of(labels))
                .build());
    }

    /** Durations whose sum nobody knows. */
    void summary(String name, String help, long count, double median, double p99, double max, String... labels) {
        SummarySnapshot.Builder summary = (SummarySnapshot.Builder)
                metrics.computeIfAbsent(name, any -> described(SummarySnapshot.builder(), name, help));
        summary.dataPoint(SummaryDataPointSnapshot.builder()
                .count(count)
                .quantiles(Quantiles.of(new Quantile(0.5, median), new Quantile(0.99, p99), new Quantile(1, max)))
                .labels(Labels.of(labels))
                .build());
    }

    private static MetricSnapshot.Builder<?> described(MetricSnapshot.Builder<?> builder, String name, String help) {
        builder.name(name).help(help);
        if (name.endsWith("_seconds")) {
            builder.unit(Unit.SECONDS);
        } else if (name.endsWith("_bytes")) {
            builder.unit(Unit.BYTES);
        }
        return builder;
    }

    MetricSnapshots collected() {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        metrics.values().forEach(builder -> snapshots.add(builder.build()));
        return new MetricSnapshots(snapshots);
    }
}
