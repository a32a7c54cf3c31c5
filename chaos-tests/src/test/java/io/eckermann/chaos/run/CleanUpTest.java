package io.eckermann.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eckermann.chaos.host.Commands;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.host.Resources;
import io.eckermann.chaos.shim.NativeTools;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run makes outside of itself is written down before, and gone afterwards, however the run ends. */
class CleanUpTest {
    private static final Path HOME = Path.of(System.getProperty("eckermann.root", ".."), "chaos-tests");
    private static final Duration GONE = Duration.ofSeconds(20);
    private static final List<String> SET_APART =
            List.of("unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "--kill-child");

    @TempDir
    private Path directory;

    /** Of the run's own process, by which it is found wherever it runs. */
    private final String sleep = "9" + ThreadLocalRandom.current().nextInt(1_000, 10_000) + "."
            + ProcessHandle.current().pid();

    @Test
    void eachThingIsWrittenDownBeforeItIsMadeAndRemovedInReverse() throws Exception {
        Path file = directory.resolve("resources.edn");
        List<String> removed = new ArrayList<>();
        try (Resources resources = new Resources(file)) {
            resources.make(
                    "netns", "n1", () -> assertThat(acts(file)).containsExactly("make n1"), () -> removed.add("n1"));
            resources.make("mount", "stuck", () -> {}, () -> {
                throw new IOException("it is busy");
            });
            try {
                resources.make(
                        "process",
                        "half-made",
                        () -> {
                            throw new IOException("it did not start");
                        },
                        () -> removed.add("half-made"));
            } catch (IOException e) {
                assertThat(e).hasMessage("it did not start");
            }
        }
        assertThat(removed).containsExactly("half-made", "n1");
        assertThat(acts(file))
                .containsExactly(
                        "make n1", "make stuck", "make half-made", "remove process half-made", "remove netns n1");
    }

    @Test
    void runThatReturnsOrIsToldToStopRemovesAll() throws Exception {
        Process returning = doomed("returns", directory.resolve("returns"), List.of());
        Process told = doomed("waits", directory.resolve("told"), List.of());
        awaitMade(told);
        told.destroy();
        assertThat(returning.waitFor()).isZero();
        assertThat(told.waitFor()).isEqualTo(128 + 15);
        assertThat(acts(directory.resolve("told/resources.edn"))).contains("remove process sleep", "remove file made");
        assertNothingIsLeft("returns");
        assertNothingIsLeft("told");
    }

    @Test
    void runThatHangsIsEndedByItsWatchdogWhichSaysWhereAndRemovesAll() throws Exception {
        Process hanging = doomed("hangs", directory.resolve("hangs"), List.of());
        String said = new String(hanging.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(hanging.waitFor()).isEqualTo(Watchdog.EXIT_STUCK);
        assertThat(said).contains("chaos: no end within").contains("main: ").contains("DoomedRun.main");
        assertThat(acts(directory.resolve("hangs/resources.edn"))).contains("remove process sleep");
        assertNothingIsLeft("hangs");
    }

    @Test
    void ofARunThatIsKilledTheKernelRemovesProcessesMountsAndDisks() throws Exception {
        NativeTools tools = new NativeTools(HOME.resolve("native"), HOME.resolve("target/native"));
        assumeTrue(tools.missing().isEmpty(), () -> tools.missing().orElse(""));
        assumeTrue(Commands.works("unshare", "--mount", "--net", "--pid", "--fork", "true"), "it needs root");
        assumeTrue(
                Commands.find("mkfs.ext4").isPresent()
                        && Commands.find("losetup").isPresent(),
                "no loop mounts");
        Path run = directory.resolve("killed");
        Process unshare = doomed("waits", run, SET_APART, tools.tool().toString());
        awaitMade(unshare);
        assertThat(sleepers()).isEqualTo(1);
        assertThat(Commands.run("losetup", "--associated", image(run))).isNotBlank();

        unshare.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .forEach(ProcessHandle::destroyForcibly);
        unshare.waitFor();

        assertThat(Patience.until(GONE, () -> sleepers() == 0)).isTrue();
        assertThat(Patience.until(
                        GONE,
                        () -> Commands.run("losetup", "--associated", image(run))
                                .isBlank()))
                .isTrue();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(run.toString());
        assertThat(acts(run.resolve("resources.edn")))
                .as("what it had no time to remove is known")
                .contains("make sleep", "make " + image(run))
                .noneMatch(act -> act.startsWith("remove"));
    }

    private static String image(Path run) {
        return run.resolve("n1.disk.img").toString();
    }

    private Process doomed(String end, Path run, List<String> apart, String... more) throws IOException {
        Files.createDirectories(run);
        List<String> command = new ArrayList<>(apart);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData", // another with this number in a namespace of its own may hold the file
                "-cp",
                System.getProperty("java.class.path"),
                DoomedRun.class.getName(),
                run.toString(),
                sleep,
                end));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void awaitMade(Process run) throws IOException {
        BufferedReader out = run.inputReader(StandardCharsets.UTF_8);
        assertThat(out.readLine()).isEqualTo("made");
    }

    private void assertNothingIsLeft(String run) throws Exception {
        assertThat(directory.resolve(run).resolve("made")).doesNotExist();
        assertThat(Patience.until(GONE, () -> sleepers() == 0)).isTrue();
    }

    private long sleepers() {
        return sleeping().count();
    }

    private Stream<ProcessHandle> sleeping() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").endsWith("sleep " + sleep));
    }

    /** Also when a run has not done so itself. */
    @AfterEach
    void leaveNothingBehind() {
        sleeping().forEach(ProcessHandle::destroyForcibly);
    }

    /** What the file says in order: what was made, or removed, and which. */
    private static List<String> acts(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.replaceAll(".*:act :(\\w+), .*:name \"(.*)\"}", "$1 $2"))
                .toList();
    }
}
