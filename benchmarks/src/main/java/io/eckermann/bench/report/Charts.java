package io.eckermann.bench.report;

import java.util.List;

/** A group of plots for each workload, as HTML with drawings. The same system has the same colour in all of them. */
final class Charts {
    private static final List<Metric> TIMES = List.of(Metric.P50, Metric.P99, Metric.P999);

    private final Results results;
    private final List<String> systems;

    Charts(Results results) {
        this.results = results;
        this.systems = results.systems();
    }

    /** A small square of a system's colour. */
    static String swatch(int place) {
        return "<span class=\"swatch\" style=\"background: " + Svg.colour(Math.max(0, place)) + "\"></span>";
    }

    @Override
    public String toString() {
        StringBuilder html = new StringBuilder(Html.heading("Plots"));
        html.append("<p>Bars are medians; the thin lines reach from the least to the most of all repeats.</p>\n");
        for (String workload : results.workloads()) {
            html.append("<h3>").append(Html.escaped(workload)).append("</h3>\n<div class=\"charts\">\n");
            charts(html, workload);
            html.append("</div>\n");
        }
        return html.toString();
    }

    private void charts(StringBuilder html, String workload) {
        List<Row> rows = results.medians().stream()
                .filter(row -> row.workload().equals(workload))
                .toList();
        boolean isReading = Glance.headlines(workload).contains(Metric.MEGABYTES);
        append(html, bars(rows, isReading ? Metric.MEGABYTES : Metric.RATE, "more is better"));
        append(html, times(rows));
        append(html, bars(rows, Metric.NO_ACK, "after the kill; less is better"));
        append(html, bars(rows, Metric.SINCE_START, "from the processes' start; less is better"));
        append(html, bars(rows, Metric.SERVER_CPU, "less is better"));
        Lines lines = new Lines("events per second over time");
        for (Row row : rows) {
            if (!row.timeline().isEmpty()) {
                lines.add(row.system(), row.timeline(), row.timelineStepMs(), colour(row));
            }
        }
        if (!lines.isEmpty()) {
            html.append("<div><p class=\"fine\">events per second over time, of one repeat</p>\n")
                    .append(lines)
                    .append("</div>\n");
        }
    }

    private Bars times(List<Row> rows) {
        Bars bars = new Bars("latency (less is better)");
        for (Metric metric : TIMES) {
            String percentile = metric.heading().replace(" ms", "");
            for (Row row : rows) {
                row.value(metric)
                        .ifPresent(value -> bars.add(
                                row.system() + " " + percentile,
                                value,
                                metric.format(value) + " ms",
                                colour(row),
                                results.range(row.workload(), row.system(), metric)));
            }
        }
        return bars;
    }

    private Bars bars(List<Row> rows, Metric metric, String direction) {
        Bars bars = new Bars(metric.heading() + " (" + direction + ")");
        for (Row row : rows) {
            row.value(metric)
                    .ifPresent(value -> bars.add(
                            row.system(),
                            value,
                            metric.format(value),
                            colour(row),
                            results.range(row.workload(), row.system(), metric)));
        }
        return bars;
    }

    private static void append(StringBuilder html, Bars bars) {
        if (!bars.isEmpty()) {
            html.append("<div><p class=\"fine\">")
                    .append(Html.escaped(bars.title()))
                    .append("</p>\n")
                    .append(bars)
                    .append("</div>\n");
        }
    }

    private String colour(Row row) {
        return Svg.colour(systems.indexOf(row.system()));
    }
}
