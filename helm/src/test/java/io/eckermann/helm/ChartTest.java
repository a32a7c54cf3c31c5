package io.eckermann.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The chart with all values that people may choose, on old and new versions of Kubernetes. */
class ChartTest {
    private static final List<String> KUBES = List.of("1.27.3-gke.100", "1.31.0", Chart.KUBE);

    @Test
    void lintFindsNothing() {
        LintResult lint = Chart.helm().lint().strict().call();

        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
    }

    @Test
    void everyCombinationMakesObjectsThatTheApiKnowsAndThatFitTogether() {
        for (Map.Entry<String, String> values : Combinations.all().entrySet()) {
            for (String kube : KUBES) {
                Rendered rendered = Chart.render(values.getValue(), kube);

                assertThat(StrictFields.problems(rendered))
                        .as("%s on %s", values.getKey(), kube)
                        .isEmpty();
                assertThat(Invariants.problems(rendered))
                        .as("%s on %s", values.getKey(), kube)
                        .isEmpty();
            }
        }
    }

    @Test
    void strictReadingFindsTyposAndWrongTypes() {
        Rendered rendered = Chart.render("{}");
        assertThat(StrictFields.problems(edited(rendered, "podManagementPolicy", "podManagementPolicie")))
                .singleElement()
                .asString()
                .contains("podManagementPolicie");
        assertThat(StrictFields.problems(edited(rendered, "replicas: 3", "replicas: three")))
                .singleElement()
                .asString()
                .contains("three");
        assertThat(StrictFields.problems(edited(rendered, "replicas: 3", "replicas: \"3\"")))
                .singleElement()
                .asString()
                .contains("replicas should be written 3");
    }

    @Test
    void whatDoesNotFitTogetherIsFound() {
        Rendered good = Chart.render("{}");
        Map.of(
                        "- name: tmp\n              mountPath: /tmp", "- name: temp\n              mountPath: /tmp",
                        "publishNotReadyAddresses: true", "publishNotReadyAddresses: false",
                        "targetPort: raft", "targetPort: rafft",
                        "path: /healthz/live", "path: /healthz/ready",
                        "name: demo-eckermann-members\n                  key",
                                "name: demo-members\n                  key",
                        "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false",
                        "terminationGracePeriodSeconds: 60", "terminationGracePeriodSeconds: 20",
                        "enableServiceLinks: false", "enableServiceLinks: true")
                .forEach((from, to) -> assertThat(Invariants.problems(edited(good, from, to)))
                        .as(to)
                        .isNotEmpty());
    }

    @Test
    void anotherNumberOfNodesDoesNotRollThosePodsThatRun() {
        assertThat(Chart.render("replicaCount: 5").podTemplate())
                .isEqualTo(Chart.render("replicaCount: 3").podTemplate());
    }

    @Test
    void anotherSettingRollsThePods() {
        assertThat(Chart.render("config: {read.tail-cache: 64MiB}").podTemplate())
                .isNotEqualTo(Chart.render("{}").podTemplate());
    }

    /** They can't be changed, so an upgrade that renders others is refused by the API server. */
    @Test
    void upgradesLeaveVolumeClaimsAndSelectorsAsTheyAre() {
        Rendered first = Chart.render("{}");
        for (Map.Entry<String, String> values : Map.of(
                        "settings", "config: {read.tail-cache: 64MiB}",
                        "image", "image: {tag: 9.9.9}",
                        "memory", "resources: {limits: {memory: 4Gi}}",
                        "labels", "podLabels: {team: orders}",
                        "nodes", "replicaCount: 5")
                .entrySet()) {
            Rendered second = Chart.render(values.getValue());
            for (String field : List.of("volumeClaimTemplates", "selector", "serviceName", "podManagementPolicy")) {
                assertThat(second.statefulSet().path("spec").path(field))
                        .as("%s after another %s", field, values.getKey())
                        .isEqualTo(first.statefulSet().path("spec").path(field));
            }
        }
    }

    @Test
    void theHeapIsMadeFromTheLimit() {
        assertThat(options("{}")).isEqualTo("-Xmx819m");
        assertThat(options("{resources: {limits: {memory: 8Gi}}, jvm: {heapPercent: 25, extraOptions: -Xss1m}}"))
                .isEqualTo("-Xmx2048m -Xss1m");
    }

    private static String options(String values) {
        return Rendered.list(Chart.render(values).container().path("env")).stream()
                .filter(variable -> variable.path("name").asText().equals("ECKERMANN_NODE_OPTS"))
                .map(variable -> variable.path("value").asText())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void defaultsAreForProduction() {
        Rendered rendered = Chart.render("{}");
        JsonNode spec = rendered.statefulSet().path("spec");
        assertThat(spec.path("replicas").asInt()).isEqualTo(3);
        assertThat(spec.path("podManagementPolicy").asText()).isEqualTo("Parallel");
        assertThat(spec.path("persistentVolumeClaimRetentionPolicy")
                        .path("whenDeleted")
                        .asText())
                .isEqualTo("Retain");
        assertThat(rendered.only("PodDisruptionBudget")
                        .path("spec")
                        .path("maxUnavailable")
                        .asInt())
                .isEqualTo(1);
        assertThat(rendered.podTemplate().findValue("requiredDuringSchedulingIgnoredDuringExecution"))
                .isNotNull();
        assertThat(rendered.all("NetworkPolicy")).hasSize(1);
    }

    /** -Dgolden.rewrite=true writes it anew, for a reader to look at the difference. */
    @Test
    void objectsOfTheDefaultsAreAsLastReviewed() throws IOException {
        Path golden = Repository.file("helm/src/test/golden/defaults.yaml");
        String text = Chart.render("{}").text();
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
    }

    @Test
    void notesTellHowToSendTheFirstEvent() {
        assertThat(Chart.notes("{}"))
                .contains("kubectl -n shop exec demo-eckermann-0 -- eckermann append orders")
                .contains("http://demo-eckermann.shop.svc.cluster.local:8081")
                .doesNotContain("asked who");
        assertThat(Chart.notes("{replicaCount: 1, service: {type: NodePort}}"))
                .contains("1 node of")
                .contains("bears no loss")
                .contains("Nobody is asked who they are");
        assertThat(Chart.notes("{tls: {enabled: true, secretName: given}, security: {enabled: true}}"))
                .contains("https://demo-eckermann.shop.svc.cluster.local:8081")
                .contains("eckermann key create me")
                .contains("--allow 'read,append,cursor,admin:*'")
                .contains("get secret given -o jsonpath='{.data.ca\\.crt}'")
                .contains("https://demo-eckermann:8081/v1/topics");
        assertThat(Chart.notes("backup: {enabled: true, to: shop, claimName: backups}"))
                .contains("Backups go to shop on the volume of backups")
                .contains("create job --from=cronjob/demo-eckermann-backup");
    }

    @Test
    void podOfHelmTestIsAHookThatLeavesNothingBehind() {
        assertThat(Repository.text("helm/eckermann/templates/tests/first-event.yaml"))
                .contains("    helm.sh/hook: test\n")
                .contains("    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded\n");
        assertThat(Chart.render("{}")
                        .only("Pod")
                        .path("spec")
                        .path("restartPolicy")
                        .asText())
                .isEqualTo("Never");
    }

    private static Rendered edited(Rendered rendered, String from, String to) {
        assertThat(rendered.text()).contains(from);
        return Rendered.of(rendered.text().replace(from, to));
    }
}
