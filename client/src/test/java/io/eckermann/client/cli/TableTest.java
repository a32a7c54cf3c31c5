package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void columnsAreAlignedAndNumbersAreRightAligned() {
        table(List.of(), Map.of());
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                TOPIC   HEAD
                orders    12
                a          7
                """);
    }

    @Test
    void coloursAreForTerminalsOnlyAndNoColorTurnsThemOff() {
        Map<String, String> terminal = Map.of("TERM", "xterm");
        table(List.of(), terminal);
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("\u001B");
        table(List.of("out"), Map.of("TERM", "xterm", "NO_COLOR", "1"));
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("\u001B");
        table(List.of("out"), terminal);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\u001B[1m");
    }

    private void table(List<String> terminals, Map<String, String> env) {
        Console console = new Console(new ByteArrayInputStream(new byte[0]), out, out, terminals, env);
        new Table("TOPIC", "HEAD").row("orders", 12).row("a", 7).print(console);
    }
}
