package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The node's command line, and the node as a process. */
final class MainTest {
    @TempDir
    Path root;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void configPrintsEveryValueAndItsOrigin() {
        int code = run(Map.of("ECKERMANN_CLUSTER_ID", "shop"), "config", "--set", "http.port=9000");

        assertThat(code).isZero();
        assertThat(out.toString().lines())
                .hasSize(Settings.ALL.size())
                .contains("cluster.id: shop  # env ECKERMANN_CLUSTER_ID", "http.port: 9000  # --set")
                .anyMatch(line -> line.endsWith("# default"));
    }

    @Test
    void configurationErrorIsOneLineOnStderr() {
        int code = run(Map.of(), "serve", "--set", "cluster.idd=x");

        assertThat(code).isEqualTo(78);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .containsExactly("Unknown key 'cluster.idd' (--set); did you mean 'cluster.id'?");
    }

    @Test
    void startErrorIsOneLineOnStderr() throws Exception {
        Path file = Files.writeString(root.resolve("file"), "");

        int code = run(Map.of(), "serve", "--set", "node.data-directory=" + file);

        assertThat(code).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1).allMatch(line -> line.contains("is not writable"));
    }

    @Test
    void unknownOptionIsMisuse() {
        assertThat(run(Map.of(), "serve", "--port", "1")).isEqualTo(64);
        assertThat(err.toString()).contains("--help");
    }

    @Test
    void processSaysThatItIsReadyAndEndsWellWhenAskedTo() throws Exception {
        try (HeldPorts held = new HeldPorts(3)) {
            List<Integer> ports = held.numbers();
            Process process = serve(ports);
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                assertThat(lines.readLine())
                        .as(() -> text(root.resolve("stderr")))
                        .isEqualTo(String.format(
                                "{\"id\":\"n1\",\"http\":\"127.0.0.1:%d\",\"grpc\":\"127.0.0.1:%d\",\"pid\":%d}",
                                ports.get(2), ports.get(1), process.pid()));
                process.toHandle().destroy(); // unlike the process, the handle leaves its pipes open
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue())
                        .as(() -> text(root.resolve("stderr")))
                        .isZero();
                assertThat(lines.readLine()).as("nothing else is printed").isNull();
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private Process serve(List<Integer> ports) throws IOException {
        String nodes = String.format(
                "[{id: n1, raft: '127.0.0.1:%d', grpc: '127.0.0.1:%d', http: '127.0.0.1:%d'}]",
                ports.get(0), ports.get(1), ports.get(2));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-ea",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName(),
                        "serve",
                        "--json",
                        "--set",
                        "nodes=" + nodes,
                        "--set",
                        "node.data-directory=" + root.resolve("data"))
                .redirectError(root.resolve("stderr").toFile())
                .start();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private int run(Map<String, String> environment, String... arguments) {
        CommandLine command = Main.commandLine(environment);
        PrintWriter outWriter = new PrintWriter(out, true);
        PrintWriter errWriter = new PrintWriter(err, true);
        command.setOut(outWriter).setErr(errWriter);
        return command.execute(arguments);
    }
}
