package io.eckermann.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eckermann.helm.kubelet.GuardedScenario;
import io.eckermann.helm.kubelet.ReleaseScenario;
import io.eckermann.helm.kubelet.RestoredScenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the chart makes, run: the pods' commands, variables, files, probes and preStop, in namespaces of Linux instead of
 * containers. {@code -Dkubelet.run=true} runs it; each test takes about two minutes. {@code -Dimage.archive=FILE} has them on
 * the root of that image, else they have this machine's, with the distribution.
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

    private static final Path DISTRIBUTION = Repository.file("helm/target/dist");

    @TempDir
    Path directory;

    @BeforeAll
    static void needsItsTools() {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root, for namespaces");
        for (String tool : List.of("dnsmasq", "ip", "nsenter", "unshare", "setpriv", "curl")) {
            assumeTrue(isThere(tool), "needs " + tool + " (Debian: apt install dnsmasq-base iproute2 util-linux curl)");
        }
        for (String launcher : List.of("eckermann", "eckermann-node")) {
            assertThat(DISTRIBUTION.resolve("bin").resolve(launcher).toFile().setExecutable(true, false))
                    .isTrue();
        }
    }

    @Test
    void releaseFormsAClusterAndSurvivesDeletedPodsKilledNodesAndAnUpgrade() throws Exception {
        String settings = VALUES + "config: {read.tail-cache: 16MiB}\n";

        assertThat(play(ReleaseScenario.class, VALUES, settings, settings + "replicaCount: 5\n", settings))
                .hasSize(11);
    }

    @Test
    void guardedReleaseRefusesStrangersAndChangesCertificatesAndKeysWhileItServes() throws Exception {
        String guarded = VALUES + "tls: {enabled: true, secretName: " + GuardedScenario.SECRET
                + "}\nsecurity: {enabled: true}\nbackup: {enabled: true, to: shop, claimName: backups, keep: 2}\n";

        assertThat(play(GuardedScenario.class, guarded, guarded + "replicaCount: 5\n", guarded))
                .hasSize(17);
    }

    @Test
    void releaseBeginsWithABackupWhenAllVolumesAreLost() throws Exception {
        String again = VALUES + "clusterId: again\nrestore: {from: shop, claimName: backups}\n";

        assertThat(play(
                        RestoredScenario.class,
                        VALUES + "backup: {enabled: true, to: shop, claimName: backups}\n",
                        again))
                .hasSize(3);
    }

    /** Plays it with what the chart makes of these values one after the other; returns the steps that it has taken. */
    private List<String> play(Class<?> scenario, String... values) throws Exception {
        List<String> command = new ArrayList<>(List.of(
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
                scenario.getName(),
                directory.toString(),
                DISTRIBUTION.toString(),
                root().toString(),
                Chart.NAMESPACE,
                Files.writeString(directory.resolve("notes.txt"), Chart.notes(values[0]))
                        .toString()));
        for (int i = 0; i < values.length; i++) {
            Path file = directory.resolve("rendered-" + i + ".yaml");
            command.add(Files.writeString(file, Chart.render(values[i]).text()).toString());
        }
        Path said = directory.resolve("said.txt");
        Process process = new ProcessBuilder(command)
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
        return steps;
    }

    private Path root() throws IOException, InterruptedException {
        String archive = System.getProperty("image.archive", "");
        if (archive.isEmpty()) {
            return Path.of("/");
        }
        Path root = directory.resolve("image");
        new ImageArchive(Repository.file(archive)).unpack(root);
        return root;
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

    private static boolean isThere(String tool) {
        return Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin")
                .anyMatch(path -> Files.isExecutable(Path.of(path, tool)));
    }
}
