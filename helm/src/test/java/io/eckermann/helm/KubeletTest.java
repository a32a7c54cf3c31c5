package io.eckermann.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eckermann.helm.kubelet.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the chart makes, run: the pods' commands, variables, files, probes and preStop, in namespaces of Linux instead of
 * containers. {@code -Dkubelet.run=true} runs it; it takes about two minutes.
 */
@EnabledIfSystemProperty(named = "kubelet.run", matches = "true")
class KubeletTest {
    /** Small enough for three nodes and two processors; what remains is as by default. */
    private static final String VALUES = """
            resources: {requests: {memory: 768Mi}, limits: {memory: 768Mi}}
            jvm: {heapPercent: 30, extraOptions: "-XX:-UseG1GC -XX:+UseSerialGC -XX:TieredStopAtLevel=1"}
            drain: {leaveSeconds: 3}
            minReadySeconds: 2
            """;

    @TempDir
    Path directory;

    @Test
    void releaseFormsAClusterAndSurvivesDeletedPodsKilledNodesAndAnUpgrade() throws Exception {
        assumeTrue(isRoot(), "needs root, for namespaces");
        for (String tool : List.of("dnsmasq", "ip", "nsenter", "unshare", "setpriv")) {
            assumeTrue(isThere(tool), "needs " + tool + " (Debian: apt install dnsmasq-base iproute2 util-linux)");
        }
        Path installed = Files.writeString(
                directory.resolve("installed.yaml"), Chart.render(VALUES).text());
        String settings = "config: {read.tail-cache: 16MiB}\n";
        Path upgraded = Files.writeString(
                directory.resolve("upgraded.yaml"),
                Chart.render(VALUES + settings).text());
        Path more = Files.writeString(
                directory.resolve("more.yaml"),
                Chart.render(VALUES + settings + "replicaCount: 5\n").text());
        Path distribution = Repository.file("helm/target/dist");
        for (String launcher : List.of("eckermann", "eckermann-node")) {
            assertThat(distribution.resolve("bin").resolve(launcher).toFile().setExecutable(true, false))
                    .isTrue();
        }

        Path said = directory.resolve("said.txt");
        Process process = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "--mount",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dlogback.configurationFile=io/eckermann/client/cli/logback.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Scenario.class.getName(),
                        directory.toString(),
                        distribution.toString(),
                        Chart.NAMESPACE,
                        installed.toString(),
                        upgraded.toString(),
                        more.toString(),
                        upgraded.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();

        boolean ended = process.waitFor(8, TimeUnit.MINUTES);
        if (!ended) {
            process.destroyForcibly();
        }
        List<String> steps = steps(said);
        System.out.println(String.join("\n", steps));
        assertThat(ended && process.exitValue() == 0)
                .as("%s%n%s", Files.readString(said), logs())
                .isTrue();
        assertThat(steps).hasSize(10);
    }

    private static List<String> steps(Path said) throws IOException {
        return Files.readAllLines(said).stream()
                .filter(line -> line.matches(".*\\([0-9.,]+ s\\)"))
                .toList();
    }

    private String logs() throws IOException {
        List<String> logs = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path log : files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                List<String> lines = Files.readAllLines(log);
                logs.add(log.getFileName() + ":\n"
                        + String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size())));
            }
        }
        return String.join("\n", logs);
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static boolean isThere(String tool) {
        return Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin")
                .anyMatch(path -> Files.isExecutable(Path.of(path, tool)));
    }
}
