package io.eckermann.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The smoke, as anybody runs it. With {@code -Pchaos-smoke}: it takes four minutes. */
@EnabledIfSystemProperty(named = "chaos.smoke", matches = "true")
class SmokeTest {
    private static final Path ROOT = Path.of(System.getProperty("eckermann.root", ".."));
    private static final long PATIENCE_MIN = 9;

    @Test
    void nothingIsLostWhateverBreaks() throws Exception {
        Process smoke = new ProcessBuilder(List.of(
                        ROOT.resolve("chaos-tests/chaos").toString(),
                        "smoke",
                        "--seed",
                        System.getProperty("chaos.seed", "1")))
                .redirectErrorStream(true)
                .start();
        String said = new String(smoke.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(said);
        assertThat(smoke.waitFor(PATIENCE_MIN, TimeUnit.MINUTES)).isTrue();
        assertThat(smoke.exitValue()).as(said).isZero();
    }
}
