package io.eckermann.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What Eckermann is to reach: ratios within one run, and a few bounds. Only those for which there are figures. */
public final class Goals {
    private static final String OURS = Glance.OURS;
    private static final String KAFKA = "kafka";
    private static final String FSYNC = "kafka-fsync";
    private static final String RAW = "raw-ratis";
    private static final String A = "A-random-1";
    private static final double FLAT = 1.1;
    /** A condition costs at most a quarter more, hence so much of the rate is left; to one who waits, less. */
    private static final double GUARD_MIN = 0.8;

    private static final double LONE_GUARD_MIN = 0.9;
    private static final double GUARD_FLAT_MIN = 0.9;

    private final Results results;
    private final List<Goal> goals = new ArrayList<>();

    /**
     * One of them.
     *
     * @param what is compared
     * @param figures ours, and the other one if there is one
     * @param value the ratio, or the figure itself
     * @param bound such as ≥ 1.6 ×
     * @param isMet whether the value is within
     */
    public record Goal(String what, String figures, String value, String bound, boolean isMet) {}

    public Goals(Results results) {
        this.results = results;
        ratio("A: events/s against Kafka that fsyncs", A, Metric.RATE, A, FSYNC, Metric.RATE, 1.6, true);
        ratio("A: events/s against Kafka's defaults", A, Metric.RATE, A, KAFKA, Metric.RATE, 1.25, true);
        ratio("A: events/s against raw Ratis", A, Metric.RATE, A, RAW, Metric.RATE, 0.5, true);
        bound("A: CPU seconds of the servers per GB", A, Metric.SERVER_CPU, 20);
        ratio("A: JSON against incompressible, events/s", "A-json-1", Metric.RATE, A, OURS, Metric.RATE, 2, true);
        ratio("A100: events/s against Kafka's defaults", "A100", Metric.RATE, "A100", KAFKA, Metric.RATE, 1.5, true);
        ratio("B: p50 against raw Ratis", "B", Metric.P50, "B", RAW, Metric.P50, 1.15, false);
        for (String workload : List.of("C", "C1")) {
            ratio(
                    workload + ": events/s against Kafka's defaults",
                    workload,
                    Metric.RATE,
                    workload,
                    KAFKA,
                    Metric.RATE,
                    1,
                    true);
            ratio(workload + ": p99 against p50", workload, Metric.P99, workload, OURS, Metric.P50, 3, false);
        }
        ratio(
                "D: warm chunks against Kafka's consumer, MB/s",
                "D-chunks-warm",
                Metric.MEGABYTES,
                "D-events-warm",
                KAFKA,
                Metric.MEGABYTES,
                2,
                true);
        ratio("E: p99 against Kafka's defaults", "E", Metric.P99, "E", KAFKA, Metric.P99, 0.8, false);
        bound("F: longest time without an acknowledgement, ms", "F", Metric.NO_ACK, 1300);
        bound("F: acknowledged events lost", "F", Metric.LOST, 0);
        bound("A: elections under load", A, Metric.ELECTIONS, 0);
        bound("A: device bytes per byte and replica", A, Metric.DEVICE, 1.6);
        bound("A: live heap of a node, MB", A, Metric.HEAP, 512);
        bound("A: seconds of load to 80 %", A, Metric.WARM_SECONDS, 60);
        String start = results.value("W", OURS, Metric.SINCE_START).isPresent() ? "W" : A;
        bound("A: seconds from the start of the processes to 80 %", start, Metric.SINCE_START, 60);
        bookings();
        flat("H-topics-1", "H-topics-10000", "appends to 10,000 topics against 1");
        for (String workload : results.workloads()) {
            if (workload.startsWith("H-stored-") && !workload.startsWith("H-stored-0GB")) {
                boolean isRead = workload.endsWith("-read");
                String much = workload.substring("H-stored-".length()).replace("-read", "");
                flat(
                        isRead ? "H-stored-0GB-read" : "H-stored-0GB",
                        workload,
                        (isRead ? "reads" : "appends") + " with " + much + " stored against none");
            }
        }
    }

    /** What conditions cost, and that it does not grow with what is stored. */
    private void bookings() {
        for (String workload : results.workloads()) {
            if (workload.startsWith("G-") && workload.endsWith("-query")) {
                String plain = workload.replaceFirst("query$", "none");
                String empty = workload.replaceFirst("G-[0-9]+", "G-0");
                double cost = workload.endsWith("-1-query") ? LONE_GUARD_MIN : GUARD_MIN;
                ratio(
                        workload + ": events/s against the same without a condition",
                        workload,
                        Metric.RATE,
                        plain,
                        OURS,
                        Metric.RATE,
                        cost,
                        true);
                if (!workload.equals(empty)) {
                    ratio(
                            workload + ": events/s against an empty topic",
                            workload,
                            Metric.RATE,
                            empty,
                            OURS,
                            Metric.RATE,
                            GUARD_FLAT_MIN,
                            true);
                }
            }
        }
    }

    public List<Goal> all() {
        return goals;
    }

    /** What costs no more processor time per GB when there is more of something. */
    private void flat(String with, String withMore, String what) {
        ratio("H: CPU s/GB of " + what, withMore, Metric.SERVER_CPU, with, OURS, Metric.SERVER_CPU, FLAT, false);
    }

    private void bound(String what, String workload, Metric metric, double most) {
        OptionalDouble ours = results.value(workload, OURS, metric);
        if (ours.isPresent()) {
            String value = metric.format(ours.getAsDouble());
            goals.add(new Goal(what, value, value, "≤ " + plain(most), ours.getAsDouble() <= most));
        }
    }

    private void ratio(
            String what,
            String workload,
            Metric metric,
            String otherWorkload,
            String otherSystem,
            Metric otherMetric,
            double bound,
            boolean atLeast) {
        OptionalDouble ours = results.value(workload, OURS, metric);
        OptionalDouble other = results.value(otherWorkload, otherSystem, otherMetric);
        if (ours.isEmpty() || other.isEmpty() || other.getAsDouble() <= 0) {
            return;
        }
        double ratio = ours.getAsDouble() / other.getAsDouble();
        goals.add(new Goal(
                what,
                metric.format(ours.getAsDouble()) + " : " + otherMetric.format(other.getAsDouble()),
                String.format(Locale.ROOT, "%.2f ×", ratio),
                (atLeast ? "≥ " : "≤ ") + plain(bound) + " ×",
                atLeast ? ratio >= bound : ratio <= bound));
    }

    private static String plain(double number) {
        return number == Math.rint(number)
                ? String.format(Locale.ROOT, "%,.0f", number)
                : String.format(Locale.ROOT, "%s", number);
    }

    /** For a terminal; empty when there are none. */
    @Override
    public String toString() {
        if (goals.isEmpty()) {
            return "";
        }
        TextTable table = new TextTable(List.of("goal", "bound", "reached", "figures", ""));
        for (Goal goal : goals) {
            table.add(
                    List.of(goal.what(), goal.bound(), goal.value(), goal.figures(), goal.isMet() ? "met" : "missed"));
        }
        return table.toString();
    }
}
