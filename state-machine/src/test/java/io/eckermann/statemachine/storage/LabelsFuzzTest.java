package io.eckermann.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.eckermann.statemachine.RaftIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Labels of snapshots, of any bytes. */
class LabelsFuzzTest {
    @TempDir
    Path directory;

    @FuzzTest
    void aLabelIsReadOrRefused(byte[] data) throws IOException {
        Files.write(directory.resolve("SNAPSHOT"), data);
        try {
            RaftIndex at = SnapshotFiles.at(directory);
            assertThat(at.term()).isNotNegative();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining(directory.toString());
        }
    }
}
