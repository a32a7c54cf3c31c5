package io.eckermann.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The figures for which each workload is there, of all systems side by side, and how much better ours are. */
public final class Glance {
    /** The one whose advantage is shown. */
    static final String OURS = "eckermann";

    /** What is below this is noise. */
    static final double NOISE = 1.2;

    private final Results results;
    private final List<String> systems;
    private final List<String> rivals;
    private final List<Line> lines = new ArrayList<>();

    /** One figure of one workload. */
    record Line(String workload, Metric metric) {}

    public Glance(Results results) {
        this.results = results;
        this.systems = results.systems();
        this.rivals = systems.contains(OURS)
                ? systems.stream()
                        .filter(system -> !system.equals(OURS) && !system.equals("disk"))
                        .toList()
                : List.of();
        for (String workload : results.workloads()) {
            for (Metric metric : headlines(workload)) {
                if (systems.stream()
                        .anyMatch(system ->
                                results.value(workload, system, metric).isPresent())) {
                    lines.add(new Line(workload, metric));
                }
            }
        }
    }

    /** What a workload is about. */
    static List<Metric> headlines(String workload) {
        if (workload.startsWith("D-") || workload.endsWith("-read")) {
            return List.of(Metric.MEGABYTES, Metric.SERVER_CPU);
        }
        if (workload.startsWith("L-")) {
            return List.of(Metric.MEGABYTES, Metric.P50);
        }
        return switch (workload) {
            case "B", "E", "E5" -> List.of(Metric.P50, Metric.P99);
            case "C", "C1" -> List.of(Metric.RATE, Metric.P99);
            case "F" -> List.of(Metric.NO_ACK, Metric.LOST);
            case "W" -> List.of(Metric.SINCE_START, Metric.RATE);
            default -> List.of(Metric.RATE, Metric.SERVER_CPU);
        };
    }

    List<String> systems() {
        return systems;
    }

    /** Those that ours are compared with. */
    List<String> rivals() {
        return rivals;
    }

    List<Line> lines() {
        return lines;
    }

    /** Such as 1,234; empty when it was not measured. */
    String median(Line line, String system) {
        OptionalDouble value = results.value(line.workload(), system, line.metric());
        return value.isPresent() ? line.metric().format(value.getAsDouble()) : "";
    }

    /** Such as 1,100..1,300; empty with less than two repeats. */
    String range(Line line, String system) {
        Optional<Results.Range> range = results.range(line.workload(), system, line.metric());
        return range.map(found -> line.metric().format(found.least()) + ".."
                        + line.metric().format(found.most()))
                .orElse("");
    }

    /** How many times better ours is than the rival's: of what should be small, the rival's value divided by ours. */
    OptionalDouble advantage(Line line, String rival) {
        OptionalDouble ours = results.value(line.workload(), OURS, line.metric());
        OptionalDouble theirs = results.value(line.workload(), rival, line.metric());
        if (ours.isEmpty() || theirs.isEmpty() || ours.getAsDouble() <= 0 || theirs.getAsDouble() <= 0) {
            return OptionalDouble.empty();
        }
        double ratio = ours.getAsDouble() / theirs.getAsDouble();
        return OptionalDouble.of(line.metric().moreIsBetter() ? ratio : 1 / ratio);
    }

    /** Such as 1.62 ×. */
    static String times(OptionalDouble advantage) {
        return advantage.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f ×", advantage.getAsDouble());
    }

    /** For a terminal. */
    @Override
    public String toString() {
        List<String> heads = new ArrayList<>(List.of("workload", "figure"));
        systems.forEach(system -> heads.addAll(List.of(system, "min..max")));
        rivals.forEach(rival -> heads.add("× better than " + rival));
        heads.add("");
        TextTable table = new TextTable(heads);
        for (Line line : lines) {
            List<String> cells =
                    new ArrayList<>(List.of(line.workload(), line.metric().heading()));
            systems.forEach(system -> cells.addAll(List.of(median(line, system), range(line, system))));
            rivals.forEach(rival -> cells.add(times(advantage(line, rival))));
            cells.add("");
            table.add(cells);
        }
        return table.toString();
    }
}
