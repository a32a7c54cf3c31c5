package io.eckermann.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Values: which are refused, and that all are explained. */
class ValuesTest {
    private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z][A-Za-z0-9]*):(?: (.*))?$");
    private static final String START = "<!-- values -->\n";
    private static final String END = "<!-- end of values -->\n";

    @Test
    void unsafeOrUnknownValuesAreRefusedWithTheirReason() {
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("replicaCount: 4", "/replicaCount");
        refused.put("replicaCount: 0", "/replicaCount");
        refused.put("replicas: 3", "replicas");
        refused.put("image: {tag: latest}", "/image/tag");
        refused.put("image: {digest: abc}", "/image/digest");
        refused.put("config: {node.id: n1}", "node.id");
        refused.put("config: {nodes: []}", "nodes");
        refused.put("config: {cluster.id: other}", "cluster.id");
        refused.put("config: {read: {tail-cache: 1MiB}}", "/config");
        refused.put("config: {tls.key: /tmp/key}", "tls.key");
        refused.put("config: {log.format: text}", "log.format");
        refused.put("logFormat: xml", "/logFormat");
        refused.put("security: {enabled: true}", "needs tls.enabled");
        refused.put(
                "{tls: {enabled: true, secretName: x}, security: {enabled: true}, metrics: {serviceMonitor: {enabled: true}}}",
                "keySecret");
        refused.put("tls: {enabled: true}", "tls.enabled needs certificates");
        refused.put("tls: {enabled: true, certManager: {duration: 90d, issuerRef: {name: ca}}}", "duration");
        refused.put("extraEnv: [{name: ECKERMANN_NODES, value: x}]", "/extraEnv");
        refused.put("shards: 17", "/shards");
        refused.put("config: {shards: 4}", "shards");
        refused.put("extraVolumes: [{name: data, emptyDir: {}}]", "/extraVolumes");
        refused.put("extraVolumeMounts: [{name: x, mountPath: /var/lib/eckermann/data}]", "/extraVolumeMounts");
        refused.put("backup: {enabled: true}", "needs a place");
        refused.put("backup: {enabled: true, to: shop}", "not in both");
        refused.put("backup: {enabled: true, to: 's3://backups/shop', claimName: x}", "not in both");
        refused.put("backup: {enabled: true, to: \"x'; reboot\", claimName: x}", "/backup/to");
        refused.put("restore: {from: 's3://backups/shop'}", "give it a clusterId");
        refused.put("{clusterId: b, restore: {from: shop}}", "of restore.claimName");
        refused.put(
                "{clusterId: b, restore: {from: 's3://b/a'}, backup: {enabled: true, to: 's3://b/a'}}",
                "needs another backup.to");
        refused.put("resources: {limits: {memory: 1.5Gi}}", "/resources/limits/memory");
        refused.put("persistence: {accessModes: [ReadWriteMany]}", "/persistence/accessModes");
        refused.put("podSecurityContext: {runAsNonRoot: false}", "/podSecurityContext/runAsNonRoot");
        refused.put("podSecurityContext: {runAsUser: 0}", "/podSecurityContext/runAsUser");
        refused.put("jvm: {heapPercent: 90}", "/jvm/heapPercent");
        refused.put("jvm: {extraOptions: -Xmx4g}", "/jvm/extraOptions");
        refused.put("antiAffinity: maybe", "/antiAffinity");
        refused.put("terminationGracePeriodSeconds: 30", "must be at least 43");
        refused.put("drain: {leaveSeconds: 30}", "must be at least 68");
        refused.put("resources: {limits: {memory: 256Mi}}", "needs a heap of 192Mi");
        refused.put("{resources: {limits: {memory: 1Gi}}, jvm: {heapPercent: 70}}", "needs 448Mi beside its heap");
        refused.forEach((values, reason) ->
                assertThatThrownBy(() -> Chart.render(values)).as(values).hasMessageContaining(reason));
    }

    @Test
    void kubernetesThatIsTooOldIsRefused() {
        assertThatThrownBy(() -> Chart.render("{}", "1.26.0")).hasMessageContaining("1.27");
    }

    @Test
    void everyValueIsExplainedAndInTheSchema() throws IOException {
        List<Value> values = values();
        assertThat(values).hasSizeGreaterThan(50);
        assertThat(values).allMatch(value -> !value.explanation().isEmpty());

        JsonNode schema = Repository.JSON.readTree(Repository.text("helm/eckermann/values.schema.json"));
        assertThat(values.stream().map(Value::key)).allSatisfy(key -> {
            JsonNode at = schema;
            for (String part : key.split("\\.", -1)) {
                at = at.path("properties").path(part);
            }
            assertThat(at.isMissingNode()).as(key).isFalse();
        });
    }

    /** As docs/configuration.md lists them: by {@code config}, or the chart sets it, out of other values. */
    @Test
    void everySettingOfANodeCanBeChosenOrIsTheChartsOwn() throws IOException {
        JsonNode names = Repository.JSON
                .readTree(Repository.text("helm/eckermann/values.schema.json"))
                .at("/properties/config/propertyNames");
        Pattern free = Pattern.compile(names.path("pattern").asText());
        List<String> own = new ArrayList<>(List.of("shards"));
        names.at("/not/enum").forEach(name -> own.add(name.asText()));
        List<String> settings = Pattern.compile("(?m)^\\| `([a-z.-]+)` \\|")
                .matcher(Repository.text("docs/configuration.md"))
                .results()
                .map(row -> row.group(1))
                .toList();

        assertThat(settings).hasSizeGreaterThan(40).containsAll(own);
        assertThat(settings)
                .allMatch(name -> own.contains(name) || free.matcher(name).matches());
    }

    /** -Dvalues.rewrite=true writes the table anew. */
    @Test
    void tableOfValuesIsMadeFromTheirFile() throws IOException {
        StringBuilder table = new StringBuilder("| value | default | what it does |\n|---|---|---|\n");
        for (Value value : values()) {
            table.append("| `%s` | %s | %s |%n"
                    .formatted(
                            value.key(),
                            value.text().isEmpty() ? "" : "`" + value.text() + "`",
                            value.explanation().replace("|", "\\|")));
        }
        String page = Repository.text("helm/README.md");
        String made =
                page.substring(0, page.indexOf(START) + START.length()) + table + page.substring(page.indexOf(END));
        if (Boolean.getBoolean("values.rewrite")) {
            Files.writeString(Repository.file("helm/README.md"), made);
        }
        assertThat(Repository.text("helm/README.md")).isEqualTo(made);
    }

    /**
     * A value that has no values below it.
     *
     * @param text as it is written, empty when it goes over several lines
     */
    private record Value(String key, String text, String explanation) {}

    private static List<Value> values() {
        List<Value> values = new ArrayList<>();
        Deque<String> path = new ArrayDeque<>();
        List<String> comment = new ArrayList<>();
        int skipDeeperThan = Integer.MAX_VALUE;
        for (String line : Repository.text("helm/eckermann/values.yaml").split("\n", -1)) {
            Matcher key = KEY.matcher(line);
            if (line.isBlank()) {
                comment.clear();
            } else if (line.strip().startsWith("#")) {
                comment.add(line.strip().substring(1).strip());
            } else if (key.matches() && key.group(1).length() / 2 <= skipDeeperThan) {
                int depth = key.group(1).length() / 2;
                while (path.size() > depth) {
                    path.removeLast();
                }
                path.addLast(key.group(2));
                String text = key.group(3) == null ? "" : key.group(3);
                // Explained as a whole: what lies below is not explained one by one.
                boolean whole = text.isEmpty() && !comment.isEmpty();
                skipDeeperThan = whole ? depth : Integer.MAX_VALUE;
                if (whole || !text.isEmpty()) {
                    values.add(new Value(
                            String.join(".", path),
                            text,
                            String.join(" ", comment).replaceFirst("^-- ", "")));
                }
                comment.clear();
            }
        }
        return values;
    }
}
