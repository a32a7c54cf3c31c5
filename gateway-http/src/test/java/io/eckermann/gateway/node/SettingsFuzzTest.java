package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Configuration files, assignments, durations and sizes as anybody may write them. */
class SettingsFuzzTest {
    @TempDir
    Path directory;

    @FuzzTest
    void aConfigurationFileIsTakenOrRefusedInSentences(byte[] data) throws IOException {
        Path file = directory.resolve("eckermann.yaml");
        Files.write(file, data);
        try {
            assertThat(NodeConfig.load(file, Map.of(), List.of()).effective()).isNotEmpty();
        } catch (ConfigException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @FuzzTest
    void anAssignmentIsTakenOrRefusedInSentences(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            assertThat(NodeConfig.load(null, Map.of(), List.of(text)).effective())
                    .isNotEmpty();
        } catch (ConfigException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @FuzzTest
    void aDurationOrSizeIsReadAndWrittenTheSameOrRefused(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            Duration duration = Durations.parse(text);
            assertThat(Durations.parse(Durations.text(duration))).isEqualTo(duration);
        } catch (IllegalArgumentException e) {
            assertThat(e).isExactlyInstanceOf(IllegalArgumentException.class);
        }
        try {
            ByteSize size = ByteSize.parse(text);
            assertThat(ByteSize.parse(size.toString())).isEqualTo(size);
        } catch (IllegalArgumentException e) {
            assertThat(e).isExactlyInstanceOf(IllegalArgumentException.class);
        }
    }
}
