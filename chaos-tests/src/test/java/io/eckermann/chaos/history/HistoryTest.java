package io.eckermann.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The name of this one is taken by another test's class, so it is of a package of its own. */
class HistoryTest {
    @TempDir
    private Path directory;

    @Test
    void everyLineIsAMapThatIsThereAtOnce() throws Exception {
        Path file = directory.resolve("history.edn");
        try (History history = new History(file)) {
            history.invoke(3, "send", List.of("log-1", List.of(7)));
            history.complete("ok", 3, "send", List.of("log-1", List.of(List.of(1, 7))), Map.of());
            history.nemesis("kill-leader", Map.of("phase", Edn.keyword("begin")));
            List<String> lines = Files.readAllLines(file);
            assertThat(lines).hasSize(3);
            assertThat(lines.get(0))
                    .startsWith("{:index 0, :time ")
                    .endsWith(":type :invoke, :process 3, :f :send, :value [\"log-1\" [7]]}");
            assertThat(lines.get(1)).contains(":type :ok, :process 3, :f :send, :value [\"log-1\" [[1 7]]]");
            assertThat(lines.get(2))
                    .contains(":type :info, :process :nemesis, :f :kill-leader, :value {:phase :begin}");
            assertThat(history.acknowledged()).isEqualTo(1);
        }
    }

    @Test
    void textsAreEscapedAndNothingIsNil() {
        assertThat(Edn.text(Arrays.asList("a \"b\"\\\n", null, true, 1.5)))
                .isEqualTo("[\"a \\\"b\\\"\\\\\\n\" nil true 1.5]");
    }
}
