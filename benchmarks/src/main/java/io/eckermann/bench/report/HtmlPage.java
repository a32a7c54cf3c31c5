package io.eckermann.bench.report;

import io.eckermann.bench.machine.Machine;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One page that a person can read, with nothing to load from elsewhere: who is better in what, the goals, plots, and the
 * figures.
 */
public final class HtmlPage {
    private static final String STYLE = """
            body { font: 15px/1.45 system-ui, sans-serif; max-width: 1240px; margin: 2rem auto; padding: 0 1.5rem;
                   color: #111827; }
            h1 { margin-bottom: .3rem; } h2 { margin: 2.2rem 0 .4rem; border-bottom: 1px solid #e5e7eb; }
            h3 { margin: 1.2rem 0 .2rem; font-size: 15px; } p { margin: .3rem 0; }
            svg { max-width: 100%; height: auto; display: block; } svg text { font-size: 12px; fill: #374151; }
            table { border-collapse: collapse; font-size: 13px; }
            th, td { padding: 3px 9px; text-align: right; white-space: nowrap; }
            th { border-bottom: 1px solid #9ca3af; vertical-align: bottom; }
            .left { text-align: left; } .wide { white-space: normal; } tr.first td { border-top: 1px solid #e5e7eb; }
            .scroll { overflow-x: auto; } .fine { color: #6b7280; font-size: 12px; } .none { color: #9ca3af; }
            .better { background: #bbf7d0; font-weight: 600; } .worse { background: #fecaca; font-weight: 600; }
            .same { background: #f3f4f6; } .best { font-weight: 700; }
            .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(560px, 1fr)); gap: 0 2rem; }
            .ack { font-weight: 400; white-space: normal; width: 8.5em; margin-left: auto; }
            .swatch { display: inline-block; width: .75em; height: .75em; margin-right: .4em; }
            """;

    private final String date;
    private final Machine machine;
    private final String settings;
    private final List<SystemFacts> systems;
    private final List<String> workloads;
    private final Results results;

    /**
     * What a reader must know of a system.
     *
     * @param name as in the rows
     * @param version or empty
     * @param acknowledgement what is true when a producer gets one
     */
    public record SystemFacts(String name, String version, String acknowledgement) {}

    /**
     * A page of these rows.
     *
     * @param settings how the run was made, in one or two sentences
     * @param systems those that were measured
     * @param workloads a line for each, that says what it is
     */
    public HtmlPage(
            String date,
            Machine machine,
            String settings,
            List<SystemFacts> systems,
            List<String> workloads,
            Results results) {
        this.date = date;
        this.machine = machine;
        this.settings = settings;
        this.systems = List.copyOf(systems);
        this.workloads = List.copyOf(workloads);
        this.results = results;
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
                .append(Html.paragraph(machine + ". Three servers and the load share this machine."))
                .append(Html.paragraph(settings))
                .append(Html.paragraph("Only ratios within this run count: machines, disks and days differ, and a"
                        + " difference under 20 % is noise."));
        acknowledgements(page);
        page.append(new GlanceTable(
                new Glance(results),
                systems.stream().collect(Collectors.toMap(SystemFacts::name, SystemFacts::acknowledgement))));
        page.append("<ul class=\"fine\">\n");
        workloads.forEach(line -> page.append("<li>").append(Html.escaped(line)).append("</li>\n"));
        page.append("</ul>\n");
        page.append(new GoalTable(new Goals(results)));
        page.append(new Charts(results));
        page.append(Html.heading("All medians")).append(new FiguresTable(results.medians(), false));
        page.append(Html.heading("Every measurement")).append(new FiguresTable(results.rows(), true));
        return page.append("</body></html>\n").toString();
    }

    private void acknowledgements(StringBuilder page) {
        page.append(Html.heading("What an acknowledgement means"))
                .append("<table><tr><th class=\"left\">system</th><th class=\"left\">version</th>")
                .append("<th class=\"left\">an acknowledged event is</th></tr>\n");
        for (SystemFacts system : systems) {
            page.append("<tr><td class=\"left\">")
                    .append(Charts.swatch(results.systems().indexOf(system.name())))
                    .append("<b>")
                    .append(Html.escaped(system.name()))
                    .append("</b></td><td class=\"left\">")
                    .append(Html.escaped(system.version()))
                    .append("</td><td class=\"left wide\">")
                    .append(Html.escaped(system.acknowledgement()))
                    .append("</td></tr>\n");
        }
        page.append("</table>\n");
    }
}
