package io.eckermann.chaos.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemoryGroupTest {
    private static final int MIB = 1 << 20;

    @Test
    void whoHasMostIsKilledWhenANeighbourTakesWhatIsLeft() throws Exception {
        assumeTrue(MemoryGroup.missing().isEmpty(), "needs a control group of memory that may be written");
        MemoryGroup group =
                MemoryGroup.named("chaos-test-" + ProcessHandle.current().pid());
        Process large = new ProcessBuilder("dd", "if=/dev/zero", "of=/dev/null", "bs=" + 128 * MIB)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            group.make(16 * MIB);
            assertThat(Patience.until(java.time.Duration.ofSeconds(10), () -> residentKiB(large) > 100 * 1024))
                    .isTrue();
            group.add(large.pid());
            group.fill(32 * MIB);

            assertThat(large.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(large.exitValue()).isEqualTo(128 + 9);
            assertThat(group.kills()).isPositive();
        } finally {
            large.destroyForcibly().waitFor();
            group.remove();
        }
        assertThat(Path.of(group.toString())).doesNotExist();
    }

    private static long residentKiB(Process process) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }
}
