package io.eckermann.chaos.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eckermann.chaos.HeldPorts;
import io.eckermann.chaos.shim.NativeTools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lesser backends: what the network of each does to two programs that talk. That of root is tried by the brief smoke. */
class HostsTest {
    private static final Path NATIVE = Path.of(System.getProperty("eckermann.root", ".."), "chaos-tests");
    private static final List<String> SET_APART = List.of("unshare", "-Urnmpf", "--mount-proc", "--kill-child");

    @TempDir
    private Path directory;

    @Test
    void withoutNamespacesALinkOfTwoNodesIsCutAndHealedAndNoOther() throws Exception {
        try (HeldPorts held = new HeldPorts(1);
                Resources resources = new Resources(directory.resolve("resources.edn"))) {
            int port = held.numbers().get(0);
            Hosts hosts = new LoopbackHosts(2, List.of(port), resources);
            assertThat(hosts.name()).isEqualTo("loopback/proxy");
            assertThat(Exchange.of(hosts, port))
                    .containsExactly(
                            "listening", "connected", "answered", "silence", "lost", "client answered", "answered");
        }
    }

    @Test
    void inNamespacesOfAUserALinkOfTwoNodesIsCutAndHealedAndNoOtherTwiceInARow() throws Exception {
        NativeTools tools = new NativeTools(NATIVE.resolve("native"), NATIVE.resolve("target/native"));
        assumeTrue(tools.missing().isEmpty(), () -> tools.missing().orElse(""));
        assumeTrue(Commands.find("ip").isPresent() && Commands.find("nsenter").isPresent(), "it needs ip and nsenter");
        assumeTrue(Commands.works("unshare", "-Urnmpf", "--mount-proc", "true"), "no user namespaces here");
        List<String> command = new java.util.ArrayList<>(SET_APART);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData", // another with this number in a namespace of its own may hold the file
                "-cp",
                System.getProperty("java.class.path"),
                Exchange.class.getName(),
                NATIVE.resolve("native").toString(),
                NATIVE.resolve("target/native").toString(),
                directory.resolve("resources.edn").toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String once = "listening, connected, answered, silence, lost, client answered, answered";
        assertThat(said.lines()).containsExactly(once, once);
        assertThat(process.waitFor()).isZero();
    }
}
