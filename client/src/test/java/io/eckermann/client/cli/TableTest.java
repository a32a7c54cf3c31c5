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

    @Test
    void sizesAndNumbersThatAreNotKnownAreRightAlignedToo() {
        Console console = new Console(new ByteArrayInputStream(new byte[0]), out, out, List.of(), Map.of());
        new Table("NODE", "INDEX", "RATIO")
                .row("n1", Bytes.text(12), "1.37")
                .row("n2", Bytes.text(64L << 20), "-")
                .print(console);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                NODE     INDEX  RATIO
                n1        12 B   1.37
                n2    64.0 MiB      -
                """);
    }

    @Test
    void sizesAreInTheLargestUnitThatFits() {
        assertThat(Bytes.text(0)).isEqualTo("0 B");
        assertThat(Bytes.text(1023)).isEqualTo("1023 B");
        assertThat(Bytes.text(1024)).isEqualTo("1.0 KiB");
        assertThat(Bytes.text(1536)).isEqualTo("1.5 KiB");
        assertThat(Bytes.text((1 << 20) - 1)).isEqualTo("1.0 MiB");
        assertThat(Bytes.text(3L << 30)).isEqualTo("3.0 GiB");
        assertThat(Bytes.text(5L << 50)).isEqualTo("5120.0 TiB");
    }

    private void table(List<String> terminals, Map<String, String> env) {
        Console console = new Console(new ByteArrayInputStream(new byte[0]), out, out, terminals, env);
        new Table("TOPIC", "HEAD").row("orders", 12).row("a", 7).print(console);
    }
}
