package io.eckermann.bench.report;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One measurement of one system.
 *
 * @param repeat from 1; 0 for the median of all
 * @param values what was measured; what was not is absent
 * @param timeline events acknowledged in each step since the load began; empty when there is none
 * @param timelineStepMs the length of a step
 * @param notes what a reader must know, or empty
 */
public record Row(
        String system,
        String acknowledgement,
        String workload,
        int repeat,
        Map<Metric, Double> values,
        List<Long> timeline,
        int timelineStepMs,
        String notes) {
    public Row {
        values = values.isEmpty() ? Map.of() : new EnumMap<>(values);
        timeline = List.copyOf(timeline);
    }

    public OptionalDouble value(Metric metric) {
        Double value = values.get(metric);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** The same with one more value. */
    public Row with(Metric metric, double value) {
        Map<Metric, Double> more = new EnumMap<>(Metric.class);
        more.putAll(values);
        more.put(metric, value);
        return new Row(system, acknowledgement, workload, repeat, more, timeline, timelineStepMs, notes);
    }
}
