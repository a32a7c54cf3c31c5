package io.eckermann.bench.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** All rows of a run, and what they say in the middle. Immutable. */
public final class Results {
    private final List<Row> rows;
    private final List<Row> medians;

    /** What several repeats lie between. */
    public record Range(double least, double most) {}

    public Results(List<Row> rows) {
        this.rows = List.copyOf(rows);
        this.medians = Medians.of(rows);
    }

    /** As they were measured. */
    public List<Row> rows() {
        return rows;
    }

    /** One row for each workload and system. */
    public List<Row> medians() {
        return medians;
    }

    /** In the order in which they first come. */
    public List<String> systems() {
        return medians.stream().map(Row::system).distinct().toList();
    }

    /** In the order in which they first come. */
    public List<String> workloads() {
        return medians.stream().map(Row::workload).distinct().toList();
    }

    /** The median; empty when it was not measured. */
    public OptionalDouble value(String workload, String system, Metric metric) {
        Optional<Row> row = medians.stream()
                .filter(each ->
                        each.workload().equals(workload) && each.system().equals(system))
                .findFirst();
        return row.isEmpty() ? OptionalDouble.empty() : row.get().value(metric);
    }

    /** The least and the most of all repeats; empty when there are not two. */
    public Optional<Range> range(String workload, String system, Metric metric) {
        double[] values = rows.stream()
                .filter(each ->
                        each.workload().equals(workload) && each.system().equals(system))
                .flatMapToDouble(row -> row.value(metric).stream())
                .sorted()
                .toArray();
        return values.length < 2 ? Optional.empty() : Optional.of(new Range(values[0], values[values.length - 1]));
    }
}
