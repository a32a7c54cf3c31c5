package io.eckermann.bench.report;

/** {@link Goals} as HTML; nothing when there are none. */
final class GoalTable {
    private final Goals goals;

    GoalTable(Goals goals) {
        this.goals = goals;
    }

    @Override
    public String toString() {
        if (goals.all().isEmpty()) {
            return "";
        }
        StringBuilder html = new StringBuilder(Html.heading("Goals"));
        html.append("<table>\n<tr><th class=\"left\">Eckermann's</th><th>goal</th><th>reached</th>")
                .append("<th>figures</th><th></th></tr>\n");
        for (Goals.Goal goal : goals.all()) {
            html.append("<tr class=\"first\"><td class=\"left\">")
                    .append(Html.escaped(goal.what()))
                    .append("</td><td>")
                    .append(Html.escaped(goal.bound()))
                    .append("</td><td>")
                    .append(Html.escaped(goal.value()))
                    .append("</td><td class=\"fine\">")
                    .append(Html.escaped(goal.figures()))
                    .append(goal.isMet() ? "</td><td class=\"better\">met" : "</td><td class=\"worse\">missed")
                    .append("</td></tr>\n");
        }
        return html.append("</table>\n").toString();
    }
}
