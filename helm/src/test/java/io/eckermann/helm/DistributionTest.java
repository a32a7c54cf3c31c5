package io.eckermann.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.helm.kubelet.PodPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that image and package hold: they run, and a node takes what the chart gives it. */
class DistributionTest {
    private static final Path BIN = Repository.file("helm/target/dist/bin");

    @TempDir
    Path directory;

    @Test
    void nodeTakesTheSettingsAndVariablesOfEveryPod() throws Exception {
        Rendered rendered = Chart.render(Combinations.all().getOrDefault("tuned", ""));
        Path config = directory.resolve("eckermann.yaml");
        JsonNode map = rendered.named("ConfigMap", "demo-eckermann-config");
        Files.writeString(config, map.path("data").path("eckermann.yaml").asText());
        PodPlan plan = PodPlan.ofOrdinal(rendered, 2);

        Ended shown = run(
                plan.environment("10.0.0.9", Chart.NAMESPACE),
                "eckermann-node",
                "config",
                "--config",
                config.toString());

        assertThat(shown.code()).as(shown.said()).isZero();
        assertThat(shown.said())
                .contains("node.id: demo-eckermann-2")
                .contains("cluster.id: orders")
                .contains("read.tail-cache: 64MiB")
                .contains("shards: 4")
                .contains("https://app.example")
                .contains("shutdown.timeout: 30s")
                .contains("demo-eckermann-2.demo-eckermann-nodes.shop.svc.k8s.example:7201");
    }

    @Test
    void commandLineRuns() throws Exception {
        Ended help = run(Map.of(), "eckermann", "--help");

        assertThat(help.code()).as(help.said()).isZero();
        assertThat(help.said()).contains("append").contains("cluster");
    }

    @Test
    void nodeTakesTheSettingsOfThePackage() throws Exception {
        Ended shown = run(
                Map.of(),
                "eckermann-node",
                "config",
                "--config",
                Repository.file("helm/deb/eckermann.yaml").toString());

        assertThat(shown.code()).as(shown.said()).isZero();
        assertThat(shown.said()).contains("node.data-directory: /var/lib/eckermann");
    }

    @Test
    void serviceStartsWhatThePackageInstalls() throws Exception {
        String service = Repository.text("helm/deb/eckermann.service");
        assertThat(service)
                .contains(
                        "ExecStart=/usr/lib/eckermann/bin/eckermann-node serve --config /etc/eckermann/eckermann.yaml\n")
                .contains("EnvironmentFile=-/etc/default/eckermann\n")
                .contains("StateDirectory=eckermann\n");
        assertThat(Repository.text("helm/pom.xml"))
                .contains("<prefix>/usr/lib/eckermann/bin</prefix>")
                .contains("<dst>/etc/eckermann/eckermann.yaml</dst>")
                .contains("<dst>/etc/default/eckermann</dst>");

        Path verify = Path.of("/usr/bin/systemd-analyze");
        assumeTrue(Files.isExecutable(verify), "systemd-analyze is not there");
        Path unit = directory.resolve("eckermann.service");
        // The program is not installed where the tests run.
        Files.writeString(unit, service.replace("/usr/lib/eckermann/bin/eckermann-node", "/bin/true"));
        Process process = new ProcessBuilder(verify.toString(), "verify", unit.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.lines().filter(line -> line.contains(unit.getFileName().toString())))
                .isEmpty();
    }

    /** Both make the same image. */
    @Test
    void dockerfileHasTheModulesUserAndPathsOfTheImage() {
        String dockerfile = Repository.text("helm/image/Dockerfile");
        String pom = Repository.text("helm/image/pom.xml");
        String modules = pom.substring(pom.indexOf("<image.modules>") + 15, pom.indexOf("</image.modules>"));
        assertThat(dockerfile).contains("--add-modules " + modules + " ");
        assertThat(pom).contains("<user>10001:10001</user>");
        assertThat(dockerfile).contains("USER 10001:10001");
        assertThat(Chart.render("{}")
                        .podTemplate()
                        .path("spec")
                        .path("securityContext")
                        .path("runAsUser")
                        .asInt())
                .isEqualTo(10001);
    }

    private record Ended(int code, String said) {}

    private Ended run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("sh", BIN.resolve(command[0]).toString()));
        all.addAll(List.of(command).subList(1, command.length));
        Path said = Files.createTempFile(directory, "said", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ECKERMANN_"));
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Ended(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
    }
}
