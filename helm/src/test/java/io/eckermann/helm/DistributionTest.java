package io.eckermann.helm;

import static org.assertj.core.api.Assertions.assertThat;

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
                .contains("shutdown.timeout: 30s")
                .contains("demo-eckermann-2.demo-eckermann-nodes.shop.svc.k8s.example:7201");
    }

    @Test
    void commandLineRuns() throws Exception {
        Ended help = run(Map.of(), "eckermann", "--help");

        assertThat(help.code()).as(help.said()).isZero();
        assertThat(help.said()).contains("append").contains("cluster");
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
