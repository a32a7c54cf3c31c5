package io.eckermann.helm;

import static io.eckermann.helm.Rendered.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alerts: what they ask for exists, they say what to do, and Prometheus's own tool runs their tests. */
class AlertsTest {
    private static final String FILE = "helm/eckermann/alerts/eckermann.yaml";

    @Test
    void everyAlertAsksForMetricsThatNodesTell() throws IOException {
        Set<String> known = Metrics.known();
        assertThat(alerts()).hasSizeGreaterThan(15).allSatisfy(alert -> {
            String expression = alert.path("expr").asText();
            assertThat(Metrics.usedIn(expression)).as(expression).isNotEmpty();
            assertThat(known).as(expression).containsAll(Metrics.usedIn(expression));
        });
    }

    @Test
    void everyAlertLeadsToAProcedure() throws IOException {
        List<String> headings = Repository.text("docs/operations.md")
                .lines()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 -]", "")
                        .replace(' ', '-'))
                .toList();
        assertThat(alerts()).allSatisfy(alert -> {
            String procedure = alert.path("annotations").path("procedure").asText();
            assertThat(procedure).startsWith("docs/operations.md#");
            assertThat(headings).contains(procedure.substring(procedure.indexOf('#') + 1));
            assertThat(alert.path("annotations").path("summary").asText()).isNotEmpty();
            assertThat(alert.path("labels").path("severity").asText()).isIn("critical", "warning");
        });
    }

    @Test
    void theChartHandsThemOnUnchanged() throws IOException {
        JsonNode rule = Chart.render("metrics: {rules: {enabled: true}}").only("PrometheusRule");
        assertThat(rule.path("spec")).isEqualTo(Repository.YAML.readTree(Repository.text(FILE)));
    }

    /** Each alert's series are played through, and those of a healthy cluster. */
    @Test
    void everyAlertFiresWhenItShouldAndNoneInAHealthyCluster() throws Exception {
        Optional<Path> promtool = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, "promtool"))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(promtool.isPresent(), "promtool is not on the path (Debian: apt install prometheus)");
        run(
                promtool.orElseThrow().toString(),
                "check",
                "rules",
                Repository.file(FILE).toString());
        run(
                promtool.orElseThrow().toString(),
                "test",
                "rules",
                Repository.file("helm/src/test/prometheus/alerts.yaml").toString());
    }

    @Test
    void everyAlertIsInThoseTests() throws IOException {
        String tests = Repository.text("helm/src/test/prometheus/alerts.yaml");
        assertThat(alerts())
                .allMatch(alert -> tests.contains(alert.path("alert").asText()));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static List<JsonNode> alerts() throws IOException {
        List<JsonNode> alerts = new ArrayList<>();
        for (JsonNode group :
                list(Repository.YAML.readTree(Repository.text(FILE)).path("groups"))) {
            alerts.addAll(list(group.path("rules")));
        }
        return alerts;
    }
}
