package io.eckermann.chaos.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eckermann.chaos.host.Commands;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.meta.Moment;
import io.eckermann.chaos.shim.Shim.Slot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library, preloaded into small programs. */
class ShimTest {
    private static final long EIO = 5;
    private static final long ENOSPC = 28;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path SOURCES = Path.of(System.getProperty("eckermann.root", ".."), "chaos-tests/native");

    /** Writes a thousand bytes at once, syncs them, and says what failed. */
    private static final String WRITER = """
            #include <fcntl.h>
            #include <stdio.h>
            #include <unistd.h>

            int main(int count, char **words) {
                static char bytes[1000];
                int fd = open(words[1], O_CREAT | O_WRONLY | O_TRUNC, 0600);
                if (write(fd, bytes, sizeof bytes) < 0) perror("write");
                if (fsync(fd)) perror("fsync");
                if (count > 2 && fsync(fd)) perror("fsync again");
                return 0;
            }
            """;

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Shim shim;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Path writer;

    @BeforeEach
    void build() throws Exception {
        NativeTools tools = new NativeTools(SOURCES, directory.resolve("native"));
        assumeTrue(tools.missing().isEmpty(), () -> tools.missing().orElse(""));
        shim = new Shim(directory.resolve("page"), tools.library());
        writer = directory.resolve("writer");
        Path source = Files.writeString(directory.resolve("writer.c"), WRITER);
        Commands.run("gcc", "-o", writer.toString(), source.toString());
    }

    @Test
    void placesInThePageAreThoseOfTheLibrary() throws Exception {
        String source = Files.readString(SOURCES.resolve("libchaos.c"));
        assertThat(Arrays.asList(Slot.values()))
                .allSatisfy(slot -> assertThat(source).contains(slot.name() + " = " + slot.place()));
        assertThat(Arrays.stream(Moment.values()).filter(moment -> moment != Moment.ACKNOWLEDGED))
                .allSatisfy(moment -> assertThat(source).contains(moment.name() + " = " + moment.value()));
    }

    @Test
    void clockOfTheDayIsShiftedAndNoOther() throws Exception {
        shim.set(Slot.CLOCK_OFFSET_NS, 3_600_000_000_000L);
        long now = Instant.now().getEpochSecond();
        assertThat(Long.parseLong(run("date", "+%s"))).isBetween(now + 3_590, now + 3_700);
        assertThat(shim.isLoaded()).isTrue();
        assertThat(shim.value(Slot.CLOCK_READS)).isPositive();
    }

    @Test
    void fsyncFailsAsOftenAsItShall() throws Exception {
        shim.set(Slot.FSYNC_ERRNO, EIO);
        shim.set(Slot.FSYNC_ERRORS_LEFT, 1);
        assertThat(write("a")).contains("Input/output error");
        assertThat(write("b")).doesNotContain("error");
        assertThat(shim.value(Slot.FSYNCS_FAILED)).isEqualTo(1);
        assertThat(shim.value(Slot.FSYNCS_AFTER_FAILURE)).isEqualTo(1);
    }

    @Test
    void fileThatIsSyncedAgainAfterAFailureIsCountedAndNoOther() throws Exception {
        shim.set(Slot.FSYNC_ERRNO, EIO);
        shim.set(Slot.FSYNC_ERRORS_LEFT, 1);
        long beforeNs = System.nanoTime();
        assertThat(write("a", "again")).contains("fsync:").doesNotContain("fsync again");
        assertThat(shim.value(Slot.FSYNCS_AGAIN)).isEqualTo(1);
        assertThat(shim.value(Slot.FAILED_AT_NS)).isBetween(beforeNs, System.nanoTime());
        write("a", "again");
        assertThat(shim.value(Slot.FSYNCS_AGAIN)).as("another process").isEqualTo(1);
    }

    @Test
    void fsyncHangsUntilItIsLetGo() throws Exception {
        shim.set(Slot.FSYNC_HANGS, 1);
        Process hung = start(writer.toString(), directory.resolve("data/hung").toString());
        assertThat(Patience.until(PATIENCE, () -> shim.value(Slot.FSYNCS_HUNG) == 1))
                .isTrue();
        assertThat(hung.isAlive()).isTrue();
        shim.set(Slot.FSYNC_HANGS, 0);
        assertThat(hung.waitFor()).isZero();
    }

    @Test
    void writesFailOrAreTornInTheDataAlone() throws Exception {
        shim.set(Slot.WRITE_ERRNO, ENOSPC);
        shim.set(Slot.WRITE_ERRORS_LEFT, 1);
        assertThat(write("full")).contains("No space left on device");
        assertThat(write("freed")).doesNotContain("No space left on device");
        assertThat(shim.value(Slot.WRITES_FAILED)).isEqualTo(1);

        shim.set(Slot.WRITE_ERRORS_OF_LOG, 1);
        shim.set(Slot.WRITE_ERRORS_LEFT, -1);
        assertThat(write("table")).doesNotContain("No space left on device");
        assertThat(write("log_0-1")).contains("No space left on device");

        shim.clear();
        shim.set(Slot.TEAR_NEXT_WRITE, 1);
        write("torn");
        assertThat(shim.value(Slot.WRITES_TORN)).isEqualTo(1);
        assertThat(Files.size(directory.resolve("data/torn"))).isEqualTo(500);
    }

    @Test
    void lyingFsyncSaysItIsDone() throws Exception {
        shim.set(Slot.FSYNC_LIES, 1);
        assertThat(write("lie")).doesNotContain("error");
        assertThat(shim.value(Slot.FSYNCS_LIED)).isEqualTo(1);
    }

    private String write(String name, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                writer.toString(), directory.resolve("data").resolve(name).toString()));
        command.addAll(List.of(words));
        return run(command.toArray(String[]::new));
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process = start(command);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.strip();
    }

    private Process start(String... command) throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        ProcessBuilder builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
        builder.environment().putAll(shim.environment(data));
        builder.environment().put("LC_ALL", "C");
        return builder.start();
    }
}
