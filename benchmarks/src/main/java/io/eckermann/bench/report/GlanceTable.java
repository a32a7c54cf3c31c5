package io.eckermann.bench.report;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/** {@link Glance} as HTML: green where ours is better, red where it is worse, grey where it is noise. */
final class GlanceTable {
    private final Glance glance;
    private final Map<String, String> acknowledgements;

    /** The acknowledgements are those of the systems by their names. */
    GlanceTable(Glance glance, Map<String, String> acknowledgements) {
        this.glance = glance;
        this.acknowledgements = acknowledgements;
    }

    @Override
    public String toString() {
        StringBuilder html = new StringBuilder(Html.heading("At a glance"));
        html.append("<p>Medians, and below them the least and the most of all repeats. ")
                .append(
                        glance.rivals().isEmpty()
                                ? ""
                                : "The coloured columns say how many times better Eckermann is: below 1 it is worse.")
                .append("</p>\n<div class=\"scroll\"><table>\n<tr><th class=\"left\">workload</th>")
                .append("<th class=\"left\">figure</th>");
        for (String system : glance.systems()) {
            html.append("<th>")
                    .append(Html.escaped(system))
                    .append("<div class=\"fine ack\">")
                    .append(Html.escaped(acknowledgements.getOrDefault(system, "")))
                    .append("</div></th>");
        }
        glance.rivals()
                .forEach(rival -> html.append("<th>× better<br>than ")
                        .append(Html.escaped(rival))
                        .append("</th>"));
        html.append("</tr>\n");
        String workload = "";
        for (Glance.Line line : glance.lines()) {
            boolean isFirst = !line.workload().equals(workload);
            workload = line.workload();
            row(html, line, isFirst);
        }
        return html.append("</table></div>\n").toString();
    }

    private void row(StringBuilder html, Glance.Line line, boolean isFirst) {
        html.append(isFirst ? "<tr class=\"first\">" : "<tr>")
                .append("<td class=\"left\"><b>")
                .append(isFirst ? Html.escaped(line.workload()) : "")
                .append("</b></td><td class=\"left\">")
                .append(Html.escaped(line.metric().heading()))
                .append("</td>");
        String best = best(line);
        for (String system : glance.systems()) {
            html.append(Objects.equals(system, best) ? "<td class=\"best\">" : "<td>")
                    .append(Html.escaped(glance.median(line, system)))
                    .append("<br><span class=\"fine\">")
                    .append(Html.escaped(glance.range(line, system)))
                    .append("</span></td>");
        }
        for (String rival : glance.rivals()) {
            OptionalDouble advantage = glance.advantage(line, rival);
            html.append("<td class=\"")
                    .append(colour(advantage))
                    .append("\">")
                    .append(Html.escaped(Glance.times(advantage)))
                    .append("</td>");
        }
        html.append("</tr>\n");
    }

    /** The best of the systems that clients use; raw Ratis and the disk are limits, not rivals. */
    private String best(Glance.Line line) {
        List<String> systems = glance.systems().stream()
                .filter(system -> !system.equals("raw-ratis") && !system.equals("disk"))
                .toList();
        String best = "";
        double most = 0;
        for (String system : systems) {
            OptionalDouble against = system.equals(Glance.OURS) ? OptionalDouble.of(1) : glance.advantage(line, system);
            double goodness = against.isEmpty() ? 0 : 1 / against.getAsDouble();
            if (!glance.median(line, system).isEmpty() && goodness > most) {
                most = goodness;
                best = system;
            }
        }
        return best;
    }

    private static String colour(OptionalDouble advantage) {
        if (advantage.isEmpty()) {
            return "none";
        }
        if (advantage.getAsDouble() >= Glance.NOISE) {
            return "better";
        }
        return advantage.getAsDouble() <= 1 / Glance.NOISE ? "worse" : "same";
    }
}
