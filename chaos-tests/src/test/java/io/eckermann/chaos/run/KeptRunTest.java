package io.eckermann.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.chaos.history.Edn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptRunTest {
    @TempDir
    private Path store;

    @Test
    void aRunIsRepeatedByItsDirectoryOrItsSeedWithAllThatItWas() throws Exception {
        Plan smoke = Plan.smoke(7);
        keep("smoke/20260101T000000.000Z", Plan.smoke(7).withFaults(List.of("kill-all")));
        Path last = keep("smoke/20260102T000000.000Z", smoke);
        keep("full/20260103T000000.000Z", Plan.full(8, 3));

        assertThat(KeptRun.in(last).plan()).isEqualTo(smoke);
        assertThat(KeptRun.ofSeed(store, 7).plan()).isEqualTo(smoke);
        assertThat(KeptRun.ofSeed(store, 8).plan()).isEqualTo(Plan.full(8, 3));
        assertThatThrownBy(() -> KeptRun.ofSeed(store, 9)).hasMessageContaining("No run of seed 9");
    }

    private Path keep(String name, Plan plan) throws Exception {
        Map<String, Object> test = new LinkedHashMap<>();
        Episode.plan(plan, test);
        Path directory = Files.createDirectories(store.resolve(name));
        Files.writeString(directory.resolve("test.edn"), Edn.text(test));
        return directory;
    }
}
