package io.eckermann.bench.report;

import io.eckermann.bench.machine.Machine;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** One page that a person can read, with nothing to load from elsewhere: bars, curves, and the table. */
public final class HtmlPage {
    private static final String STYLE = """
            body { font: 15px/1.45 system-ui, sans-serif; max-width: 960px; margin: 2rem auto; padding: 0 1rem; }
            h2 { margin-top: 2rem; } svg { max-width: 100%; height: auto; } svg text { font-size: 12px; fill: #374151; }
            table { border-collapse: collapse; font-size: 13px; } th, td { padding: 2px 8px; text-align: right; }
            th:nth-child(-n+2), td:nth-child(-n+2), th:last-child, td:last-child { text-align: left; }
            tr:nth-child(even) { background: #f3f4f6; } .scroll { overflow-x: auto; } .fine { color: #6b7280; }
            """;

    private static final String REFERENCE = "kafka";

    private final String date;
    private final Machine machine;
    private final String settings;
    private final List<Row> medians;
    private final List<String> systems;

    /**
     * A page of these rows.
     *
     * @param settings how the run was made, in one sentence
     */
    public HtmlPage(String date, Machine machine, String settings, List<Row> medians) {
        this.date = date;
        this.machine = machine;
        this.settings = settings;
        this.medians = List.copyOf(medians);
        this.systems = medians.stream().map(Row::system).distinct().toList();
    }

    @Override
    public String toString() {
        StringBuilder page = new StringBuilder();
        page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .append("<title>Eckermann: benchmarks of ")
                .append(Html.escaped(date))
                .append("</title><style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>Benchmarks of ")
                .append(Html.escaped(date))
                .append("</h1>\n")
                .append(Html.paragraph(machine.toString()))
                .append(Html.paragraph(settings))
                .append(Html.paragraph(
                        "Only ratios within this run count: machines, disks and days differ, and a difference"
                                + " under 20 % is noise. Three servers and the load share the machine."));
        acknowledgements(page);
        for (String workload : workloads()) {
            charts(page, workload);
        }
        table(page);
        return page.append("</body></html>\n").toString();
    }

    private void acknowledgements(StringBuilder page) {
        page.append(Html.heading("What an acknowledgement means")).append("<ul>\n");
        for (String system : systems) {
            medians.stream()
                    .filter(row -> row.system().equals(system))
                    .findFirst()
                    .ifPresent(row -> page.append("<li><b>")
                            .append(Html.escaped(system))
                            .append("</b>: ")
                            .append(Html.escaped(row.acknowledgement()))
                            .append("</li>\n"));
        }
        page.append("</ul>\n");
    }

    private Set<String> workloads() {
        Set<String> names = new LinkedHashSet<>();
        medians.forEach(row -> names.add(row.workload()));
        return names;
    }

    private void charts(StringBuilder page, String workload) {
        List<Row> rows =
                medians.stream().filter(row -> row.workload().equals(workload)).toList();
        page.append(Html.heading(workload));
        Bars rates = bars(rows, Metric.RATE, true);
        append(page, Metric.RATE.heading() + " (more is better)", rates);
        List<Metric> times = List.of(Metric.P50, Metric.P99, Metric.P999);
        Bars latency = new Bars("latency");
        for (Metric metric : times) {
            for (Row row : rows) {
                row.value(metric)
                        .ifPresent(value -> latency.add(
                                row.system() + " " + metric.heading().replace(" ms", ""),
                                value,
                                metric.format(value) + " ms",
                                colour(row)));
            }
        }
        append(page, "latency (less is better)", latency);
        append(page, "longest time without an acknowledgement, ms (less is better)", bars(rows, Metric.NO_ACK, true));
        append(page, "processor seconds of the servers per GB (less is better)", bars(rows, Metric.SERVER_CPU, false));
        Lines lines = new Lines("events per second over time");
        for (Row row : rows) {
            if (!row.timeline().isEmpty()) {
                lines.add(row.system(), row.timeline(), row.timelineStepMs(), colour(row));
            }
        }
        if (!lines.isEmpty()) {
            page.append("<p class=\"fine\">events per second since the load began</p>\n")
                    .append(lines);
        }
        for (Row row : rows) {
            if (!row.notes().isEmpty()) {
                page.append("<p class=\"fine\">")
                        .append(Html.escaped(row.system() + ": " + row.notes()))
                        .append("</p>\n");
            }
        }
    }

    private Bars bars(List<Row> rows, Metric metric, boolean ratios) {
        Bars bars = new Bars(metric.heading());
        Optional<Double> reference = rows.stream()
                .filter(row ->
                        row.system().equals(REFERENCE) && row.value(metric).isPresent())
                .map(row -> row.value(metric).getAsDouble())
                .findFirst();
        for (Row row : rows) {
            row.value(metric).ifPresent(value -> {
                boolean ratio = ratios
                        && reference.isPresent()
                        && reference.get() > 0
                        && !row.system().equals(REFERENCE);
                String text = metric.format(value)
                        + (ratio ? String.format(Locale.ROOT, " (%.2f × kafka)", value / reference.get()) : "");
                bars.add(row.system(), value, text, colour(row));
            });
        }
        return bars;
    }

    private static void append(StringBuilder page, String caption, Bars bars) {
        if (!bars.isEmpty()) {
            page.append("<p class=\"fine\">")
                    .append(Html.escaped(caption))
                    .append("</p>\n")
                    .append(bars);
        }
    }

    private String colour(Row row) {
        return Svg.colour(systems.indexOf(row.system()));
    }

    private void table(StringBuilder page) {
        page.append(Html.heading("All figures"))
                .append("<div class=\"scroll\"><table>\n<tr><th>workload</th><th>system</th>");
        List<Metric> shown = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            if (medians.stream().anyMatch(row -> row.value(metric).isPresent())) {
                shown.add(metric);
                page.append("<th>").append(Html.escaped(metric.heading())).append("</th>");
            }
        }
        page.append("</tr>\n");
        for (Row row : medians) {
            page.append("<tr><td>")
                    .append(Html.escaped(row.workload()))
                    .append("</td><td>")
                    .append(Html.escaped(row.system()))
                    .append("</td>");
            for (Metric metric : shown) {
                String cell = row.value(metric).isPresent()
                        ? metric.format(row.value(metric).getAsDouble())
                        : "";
                page.append("<td>").append(Html.escaped(cell)).append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</table></div>\n");
    }
}
