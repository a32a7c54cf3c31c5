package io.eckermann.helm;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The metrics that there are, and those that expressions ask for. */
final class Metrics {
    /** What others measure: Prometheus itself and Kubernetes. */
    private static final Set<String> FOREIGN =
            Set.of("up", "kube_cronjob_created", "kube_cronjob_status_last_successful_time");

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (counter|gauge|histogram|summary) \\|");
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
    /** What stands before a selector or a range, and all that begins as our own names do. */
    private static final Pattern USED = Pattern.compile(
            "\\b(?:([a-zA-Z_:][a-zA-Z0-9_:]*)(?=\\s*[{\\[])|((?:eckermann|ratis|jvm|process|kube)_[a-z0-9_]+))");

    private Metrics() {}

    /** The series that every node tells, as docs/metrics.md lists them. */
    static Set<String> known() {
        Set<String> known = new TreeSet<>(FOREIGN);
        Matcher rows = ROW.matcher(Repository.text("docs/metrics.md"));
        while (rows.find()) {
            String name = rows.group(1);
            known.add(name);
            if (!rows.group(2).equals("counter") && !rows.group(2).equals("gauge")) {
                known.add(name + "_count");
                known.add(name + "_sum");
            }
            if (rows.group(2).equals("histogram")) {
                known.add(name + "_bucket");
            }
        }
        return known;
    }

    /** The series that an expression of PromQL asks for. */
    static Set<String> usedIn(String expression) {
        return USED.matcher(QUOTED.matcher(expression).replaceAll("\"\""))
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
