package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with a java that only says what it was called with. */
final class LauncherTest {
    private static final Path SOURCE =
            Path.of(System.getProperty("eckermann.root", "..")).resolve("gateway-http/src/main/jvm");

    /** Writes the archive that it is asked for, unless told to fail. */
    private static final String JAVA = """
            #!/bin/sh
            [ -z "${FAILS:-}" ] || exit 3
            for argument in "$@"; do
                echo "$argument"
                case $argument in
                    -XX:ArchiveClassesAtExit=* | -XX:AOTCacheOutput=*) echo classes >"${argument#*=}" ;;
                esac
            done
            env | grep ^ECKERMANN_ || true
            """;

    @TempDir
    Path root;

    private Path home;

    private record Ended(int exitCode, List<String> lines) {}

    @BeforeEach
    void install() throws IOException {
        home = root.resolve("a home");
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        for (String file : List.of("eckermann-node", "node.options")) {
            Files.copy(SOURCE.resolve(file), home.resolve("bin").resolve(file));
        }
        for (String jar : List.of("lib/a.jar", "lib/raft-log-1.0.jar", "lib/z.jar", "gateway-http-1.0.jar")) {
            Files.writeString(home.resolve(jar), jar);
        }
    }

    @Test
    void optionsAreThoseForTheVersionOfJava() throws Exception {
        List<String> old = run("17.0.15", Map.of(), "serve").lines();
        List<String> fresh = run("25.0.3", Map.of(), "serve").lines();

        assertThat(old)
                .contains("-ea", "-Xlog:all=warning,cds*=off:stderr")
                .doesNotContain("-XX:+UseCompactObjectHeaders");
        assertThat(old)
                .noneMatch(option -> option.contains("unsafe") || option.contains("aot") || option.contains("#"));
        assertThat(fresh)
                .contains(
                        "-ea",
                        "-XX:+UseCompactObjectHeaders",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xlog:all=warning,cds*=off,aot*=off:stderr")
                .doesNotContain("-Xlog:all=warning,cds*=off:stderr");
    }

    @Test
    void replacedClassesComeFirstAndTheArgumentsOfTheNodeLast() throws Exception {
        List<String> lines =
                run("17.0.15", Map.of(), "serve", "--set", "cluster.id=a b").lines();

        int main = lines.indexOf(Main.class.getName());
        assertThat(lines.subList(main - 2, lines.size()))
                .containsExactly(
                        "-cp",
                        String.join(
                                ":",
                                home + "/lib/raft-log-1.0.jar",
                                home + "/gateway-http-1.0.jar",
                                home + "/lib/a.jar",
                                home + "/lib/z.jar"),
                        Main.class.getName(),
                        "serve",
                        "--set",
                        "cluster.id=a b");
    }

    @Test
    void optionsOfTheEnvironmentCountMoreAndAreNoSettings() throws Exception {
        List<String> lines = run("17.0.15", Map.of("ECKERMANN_NODE_OPTS", "-Xmx1g -Da=*"), "serve")
                .lines();
        assertThat(lines).doesNotHaveDuplicates().contains("-Da=*").containsSubsequence("-Xmx512m", "-Xmx1g", "-cp");
        assertThat(lines).noneMatch(line -> line.startsWith("ECKERMANN_"));

        Path file = Files.writeString(root.resolve("own"), "-Xmx2g\n18-20:-Xss2m\n17:-Xss1m\n17-17:-Xss3m");
        assertThat(run("17.0.15", Map.of("ECKERMANN_NODE_OPTS_FILE", file.toString()), "serve")
                        .lines())
                .startsWith("-Xmx2g", "-Xss1m", "-Xss3m", "-cp");
    }

    @Test
    void archiveThatWasRehearsedIsUsedUntilAJarChanges() throws Exception {
        for (String version : List.of("17.0.15", "25.0.3")) {
            assertThat(archiveOf(run(version, Map.of(), "serve"))).isEmpty();
            assertThat(run(version, Map.of(), "rehearse").exitCode()).isZero();
            Path archive = archiveOf(run(version, Map.of(), "serve")).orElseThrow();
            assertThat(archive).hasContent("classes");
        }
        assertThat(run("17.0.15", Map.of(), "rehearse").lines())
                .as("it is there")
                .isEmpty();

        Files.writeString(home.resolve("lib/a.jar"), "another length");

        assertThat(archiveOf(run("17.0.15", Map.of(), "serve"))).isEmpty();
        assertThat(archiveOf(run("25.0.3", Map.of(), "serve"))).isEmpty();
    }

    @Test
    void archiveIsFoundByWhateverNameTheSameJavaIsCalled() throws Exception {
        run("17.0.15", Map.of(), "rehearse");
        Path link = Files.createSymbolicLink(root.resolve("default-jdk"), root.resolve("jdk-17.0.15"));

        Ended called = run("17.0.15", Map.of("JAVA_HOME", link.toString()), "serve");

        assertThat(archiveOf(called))
                .hasValueSatisfying(archive -> assertThat(archive).exists());
    }

    @Test
    void rehearsalThatFailsLeavesNoArchive() throws Exception {
        Ended failed = run("17.0.15", Map.of("FAILS", "1"), "rehearse");

        assertThat(failed.exitCode()).isNotZero();
        try (var files = Files.list(home.resolve("archive"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void olderJavaIsRefused() throws Exception {
        Ended refused = run("11.0.2", Map.of(), "serve");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.lines()).singleElement().asString().contains("Java 17 or newer is needed");
    }

    private static Optional<Path> archiveOf(Ended ended) {
        return ended.lines().stream()
                .filter(line -> line.startsWith("-XX:SharedArchiveFile=") || line.startsWith("-XX:AOTCache="))
                .map(line -> Path.of(line.substring(line.indexOf('=') + 1)))
                .findFirst();
    }

    private Ended run(String version, Map<String, String> environment, String... arguments) throws Exception {
        Path jdk = root.resolve("jdk-" + version);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Path java = Files.writeString(jdk.resolve("bin/java"), JAVA);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        List<String> command =
                new ArrayList<>(List.of("sh", home.resolve("bin/eckermann-node").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("ECKERMANN_"));
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), lines);
    }
}
