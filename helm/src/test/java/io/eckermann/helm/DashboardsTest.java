package io.eckermann.helm;

import static io.eckermann.helm.Rendered.list;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Grafana dashboards: what they ask for exists, and Grafana finds its way in them. */
class DashboardsTest {
    private static final List<String> NAMES = List.of("overview", "internals");

    @Test
    void everyPanelAsksForMetricsThatNodesTell() throws IOException {
        Set<String> known = Metrics.known();
        for (String name : NAMES) {
            List<JsonNode> panels = panels(name);
            assertThat(panels).hasSizeGreaterThan(15);
            for (JsonNode panel : panels) {
                assertThat(list(panel.path("targets")))
                        .as(panel.path("title").asText())
                        .isNotEmpty();
                for (JsonNode target : list(panel.path("targets"))) {
                    String expression = target.path("expr").asText();
                    assertThat(Metrics.usedIn(expression)).as(expression).isNotEmpty();
                    assertThat(known).as(expression).containsAll(Metrics.usedIn(expression));
                    assertThat(expression).contains("namespace=~\"$namespace\"");
                }
            }
        }
    }

    /** Of Raft, batcher, index, Ratis and events; the JVM's own are too many. */
    @Test
    void everyMetricOfTheStoreIsShownSomewhereButThoseForAlertsAlone() throws IOException {
        Set<String> shown = new TreeSet<>();
        for (String name : NAMES) {
            panels(name)
                    .forEach(panel -> list(panel.path("targets"))
                            .forEach(target -> shown.addAll(
                                    Metrics.usedIn(target.path("expr").asText()))));
        }
        List<String> hidden = Metrics.known().stream()
                .filter(metric -> metric.startsWith("eckermann_index_") || metric.startsWith("eckermann_batcher_"))
                .filter(metric -> !shown.contains(metric))
                .toList();
        assertThat(hidden).isEmpty();
    }

    @Test
    void panelsHaveNumbersPlacesAndUnitsOfTheirOwn() throws IOException {
        for (String name : NAMES) {
            JsonNode dashboard = dashboard(name);
            assertThat(dashboard.path("uid").asText()).isEqualTo("eckermann-" + name);
            List<JsonNode> panels = panels(name);
            assertThat(panels).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
            assertThat(panels).extracting(panel -> panel.path("gridPos")).doesNotHaveDuplicates();
            assertThat(panels)
                    .allMatch(panel -> panel.path("fieldConfig")
                            .path("defaults")
                            .path("unit")
                            .isTextual());
            assertThat(list(dashboard.path("templating").path("list")))
                    .extracting(variable -> variable.path("name").asText())
                    .containsExactly("datasource", "namespace", "job");
        }
    }

    @Test
    void theChartHandsThemOnUnchanged() throws IOException {
        Rendered rendered = Chart.render("metrics: {dashboards: {enabled: true}}");
        for (String name : NAMES) {
            JsonNode map = rendered.named("ConfigMap", "demo-eckermann-" + name);
            assertThat(map.path("metadata")
                            .path("labels")
                            .path("grafana_dashboard")
                            .asText())
                    .isEqualTo("1");
            assertThat(Repository.JSON.readTree(
                            map.path("data").path(name + ".json").asText()))
                    .isEqualTo(dashboard(name));
        }
    }

    @Test
    void metricsAreFoundInExpressions() {
        assertThat(Metrics.usedIn("rate(a_total{job=\"jvm_x\"}[5m]) / sum by (le) (eckermann_b) > c_d{}"))
                .containsExactlyElementsOf(
                        new TreeSet<>(Stream.of("a_total", "eckermann_b", "c_d").toList()));
    }

    private static JsonNode dashboard(String name) throws IOException {
        return Repository.JSON.readTree(Repository.text("helm/eckermann/dashboards/" + name + ".json"));
    }

    /** Those with figures; not the headings. */
    private static List<JsonNode> panels(String name) throws IOException {
        return list(dashboard(name).path("panels")).stream()
                .filter(panel -> !panel.path("type").asText().equals("row"))
                .toList();
    }
}
