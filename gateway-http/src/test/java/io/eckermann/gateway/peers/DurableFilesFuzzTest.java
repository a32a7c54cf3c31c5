package io.eckermann.gateway.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A node's identity, and whom it has met, of any bytes. */
class DurableFilesFuzzTest {
    @TempDir
    Path directory;

    @FuzzTest
    void aFileIsReadOrCalledDamaged(byte[] data) throws IOException {
        Path file = directory.resolve("identity");
        Files.write(file, data);
        try {
            assertThat(DurableFile.read(file)).isNotNull();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining(file.toString());
        }
    }
}
