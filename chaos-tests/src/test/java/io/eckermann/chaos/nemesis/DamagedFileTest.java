package io.eckermann.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.chaos.gen.Choices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DamagedFileTest {
    private static final int WRITTEN_BYTES = 9_000;

    private final Choices choices = Choices.of(7, "damage");
    private final byte[] whole = new byte[WRITTEN_BYTES + 5_000];

    @TempDir
    private Path data;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Path log;

    @BeforeEach
    void write() throws IOException {
        byte[] written = new byte[WRITTEN_BYTES];
        new Random(7).nextBytes(written);
        System.arraycopy(written, 0, whole, 0, WRITTEN_BYTES);
        log = Files.createDirectories(data.resolve("raft/group/current")).resolve("log_inprogress_0");
        Files.write(log, whole);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ROLLED_BACK")
    void everyKindOfDamageChangesWhatWasWrittenAndIsMended(Damage way) throws IOException {
        for (int i = 0; i < 50; i++) {
            DamagedFile file = chosen(NodeFiles.LOG, way, 0, 1);
            assertThat(Files.readAllBytes(log)).isEqualTo(whole);
            file.damage();
            byte[] damaged = Files.readAllBytes(log);
            assertThat(Arrays.mismatch(whole, damaged)).as(file.text()).isBetween(0, WRITTEN_BYTES);
            file.mend(false);
            assertThat(Files.readAllBytes(log)).as(file.text()).isEqualTo(whole);
        }
    }

    @Test
    void tailIsTheEndOfWhatWasWrittenAndPartsAreApart() throws IOException {
        for (int i = 0; i < 50; i++) {
            assertThat(damagedAt(NodeFiles.LOG_TAIL, 0, 1)).isBetween(WRITTEN_BYTES - 5_000, WRITTEN_BYTES);
            assertThat(damagedAt(NodeFiles.LOG, 0, 3)).isLessThan(WRITTEN_BYTES / 3 + 8);
            assertThat(damagedAt(NodeFiles.LOG, 2, 3)).isGreaterThan(WRITTEN_BYTES * 2 / 3 - 8);
        }
    }

    @Test
    void whatTheNodeHasWrittenSinceIsNotTakenBack() throws IOException {
        DamagedFile cut = chosen(NodeFiles.LOG_TAIL, Damage.TRUNCATED, 0, 1);
        cut.damage();
        byte[] shorter = Files.readAllBytes(log);
        cut.mend(true);
        assertThat(Files.readAllBytes(log)).as("it was accepted as it is").isEqualTo(shorter);
        byte[] goneOn = Arrays.copyOf(shorter, shorter.length + 10);
        Files.write(log, goneOn);
        cut.mend(false);
        assertThat(Files.readAllBytes(log)).isEqualTo(goneOn);
    }

    @Test
    void fileIsWhatItWasEarlierAndMended() throws IOException {
        byte[] earlier = Arrays.copyOf(whole, WRITTEN_BYTES - 100);
        DamagedFile back = DamagedFile.earlier(log, NodeFiles.LOG_TAIL, earlier).orElseThrow();
        back.damage();
        assertThat(Files.readAllBytes(log)).isEqualTo(earlier);
        back.mend(false);
        assertThat(Files.readAllBytes(log)).isEqualTo(whole);
        assertThat(DamagedFile.earlier(log, NodeFiles.LOG_TAIL, whole)).isEmpty();
    }

    private DamagedFile chosen(NodeFiles kind, Damage way, int part, int parts) throws IOException {
        return DamagedFile.choose(data, kind, way, part, parts, choices).orElseThrow();
    }

    private int damagedAt(NodeFiles kind, int part, int parts) throws IOException {
        DamagedFile file = chosen(kind, Damage.BIT_FLIP, part, parts);
        file.damage();
        int at = Arrays.mismatch(whole, Files.readAllBytes(log));
        file.mend(false);
        return at;
    }
}
