package io.eckermann.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkDirectoryTest {
    @TempDir
    Path root;

    @Test
    void aDirectoryMadeForTheMeasurementIsRemovedWithWhatFilledTheCache() throws Exception {
        Path directory = root.resolve("a").resolve("b");

        try (WorkDirectory work = WorkDirectory.open(directory)) {
            Files.writeString(work.path().resolve("zeros"), "0");
        }

        assertThat(directory).doesNotExist();
    }

    @Test
    void aDirectoryThatWasThereStays() throws Exception {
        WorkDirectory.open(root).close();

        assertThat(root).exists();
    }

    @Test
    void whatOthersKeepThereStaysAndFailsNothing() throws Exception {
        Path directory = root.resolve("data");
        WorkDirectory work = WorkDirectory.open(directory);
        Files.writeString(directory.resolve("another's"), "kept");

        work.close();

        assertThat(directory.resolve("another's")).hasContent("kept");
    }
}
