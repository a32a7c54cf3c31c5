package io.eckermann.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Everything that some rows have, as HTML. */
final class FiguresTable {
    private final List<Row> rows;
    private final boolean showsRepeats;

    FiguresTable(List<Row> rows, boolean showsRepeats) {
        this.rows = rows;
        this.showsRepeats = showsRepeats;
    }

    @Override
    public String toString() {
        StringBuilder html = new StringBuilder("<div class=\"scroll\"><table>\n<tr><th class=\"left\">workload</th>"
                + "<th class=\"left\">system</th>");
        if (showsRepeats) {
            html.append("<th>repeat</th>");
        }
        List<Metric> shown = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            if (rows.stream().anyMatch(row -> row.value(metric).isPresent())) {
                shown.add(metric);
                html.append("<th>").append(Html.escaped(metric.heading())).append("</th>");
            }
        }
        html.append("<th class=\"left\">notes</th></tr>\n");
        String workload = "";
        for (Row row : rows) {
            html.append(row.workload().equals(workload) ? "<tr>" : "<tr class=\"first\">");
            workload = row.workload();
            html.append("<td class=\"left\">")
                    .append(Html.escaped(row.workload()))
                    .append("</td><td class=\"left\">")
                    .append(Html.escaped(row.system()))
                    .append("</td>");
            if (showsRepeats) {
                html.append("<td>").append(row.repeat()).append("</td>");
            }
            for (Metric metric : shown) {
                String cell = row.value(metric).isPresent()
                        ? metric.format(row.value(metric).getAsDouble())
                        : "";
                html.append("<td>").append(Html.escaped(cell)).append("</td>");
            }
            html.append("<td class=\"left\">").append(Html.escaped(row.notes())).append("</td></tr>\n");
        }
        return html.append("</table></div>\n").toString();
    }
}
