package io.eckermann.bench.report;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The rows of several repeats as one row each: the median of every value on its own. */
public final class Medians {
    private Medians() {}

    /** One row for each workload and system, in the order in which they first come. */
    public static List<Row> of(List<Row> rows) {
        return rows.stream()
                .collect(Collectors.groupingBy(
                        row -> row.workload() + '\n' + row.system(), LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(Medians::median)
                .toList();
    }

    /** The middle one; between the two middle ones of an even number. */
    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static Row median(List<Row> repeats) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            double[] all = repeats.stream()
                    .flatMapToDouble(row -> row.value(metric).stream())
                    .toArray();
            if (all.length > 0) {
                // One lost event is one too many, whatever the median says.
                boolean worst = metric == Metric.LOST || metric == Metric.DUPLICATES || metric == Metric.FAILURES;
                values.put(metric, worst ? Arrays.stream(all).max().orElseThrow() : median(all));
            }
        }
        Row middle = repeats.get((repeats.size() - 1) / 2);
        String notes = repeats.stream()
                .map(Row::notes)
                .filter(note -> !note.isEmpty())
                .distinct()
                .collect(Collectors.joining("; "));
        return new Row(
                middle.system(),
                middle.acknowledgement(),
                middle.workload(),
                0,
                values,
                middle.timeline(),
                middle.timelineStepMs(),
                notes);
    }
}
