package io.eckermann.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eckermann.chaos.host.Commands;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The test bed, as anybody runs it: three faults in every build but with
 * {@code -Dchaos.brief=false}, about a minute on a quiet machine; ten with {@code -Pchaos-smoke}.
 */
class SmokeTest {
    private static final Path ROOT = Path.of(System.getProperty("eckermann.root", ".."));
    private static final long PATIENCE_MIN = 9;
    private static final List<String> TOOLS = List.of("unshare", "nsenter", "ip", "gcc", "mkfs.ext4");

    @TempDir
    private Path store;

    @Test
    @DisabledIfSystemProperty(named = "chaos.brief", matches = "false")
    void nothingIsLostInAPartitionAKillAndACutOfAllPower() throws Exception {
        for (String tool : TOOLS) {
            assumeTrue(Commands.find(tool).isPresent(), "the brief smoke needs " + tool);
        }
        assumeTrue(
                Commands.works("unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "true"),
                "the brief smoke needs root, to be set apart and to cut power");
        assertThat(smoke("--brief")).contains("planned 3  proven 3");
    }

    @Test
    @EnabledIfSystemProperty(named = "chaos.smoke", matches = "true")
    void nothingIsLostWhateverBreaks() throws Exception {
        System.out.println(smoke());
    }

    private String smoke(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ROOT.resolve("chaos-tests/chaos").toString(),
                "smoke",
                "--seed",
                System.getProperty("chaos.seed", "1"),
                "--store",
                store.toString()));
        command.addAll(List.of(options));
        Process smoke = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(smoke.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(smoke.waitFor(PATIENCE_MIN, TimeUnit.MINUTES)).isTrue();
        assertThat(smoke.exitValue()).as(said).isZero();
        return said;
    }
}
