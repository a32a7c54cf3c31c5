package io.eckermann.raftlog.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.raftlog.ratis.TestCluster;
import io.eckermann.raftlog.ratis.WrittenLog;
import io.eckermann.statemachine.Snapshot;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.chunk.KeptSegment;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs that the pinned Ratis wrote, and what another group begins with out of them. */
class NewBeginningTest {
    @TempDir
    static Path written;

    private static NewBeginning.Outcome early = new NewBeginning.Outcome(-1, "");
    private static NewBeginning.Outcome middle = early;
    private static NewBeginning.Outcome late = early;
    private static long middleTimeNs;

    @TempDir
    Path directory;

    /** Files of the snapshot that holds what was there early. */
    private Path base = Path.of("");

    /** All of the log. */
    private Path log = Path.of("");

    private Path nothing = Path.of("");

    @BeforeAll
    static void write() throws Exception {
        try (WrittenLog group = new WrittenLog(written.resolve("old"))) {
            group.append(1, 20);
            early = now(group);
            copy(group.state().takeSnapshot(), written.resolve("base"));
            group.append(21, 60);
            middle = now(group);
            Instant now = Instant.now();
            middleTimeNs = now.getEpochSecond() * 1_000_000_000L + now.getNano();
            group.append(61, 80);
            late = now(group);
            logOf(copy(group.state().takeSnapshot(), written.resolve("last")), written.resolve("log"));
        }
    }

    @BeforeEach
    void layOut() throws Exception {
        base = copy(written.resolve("base"), directory.resolve("base"));
        log = copy(written.resolve("log"), directory.resolve("log"));
        nothing = Files.createDirectories(directory.resolve("nothing"));
    }

    @Test
    void aSnapshotIsTheStateThatWasThereAndItsGroupGoesOn() throws Exception {
        Path fresh = Files.createDirectories(directory.resolve("new"));

        assertThat(NewBeginning.ofSnapshot(base, directory.resolve("none"), fresh.resolve("state"), Bound.NONE))
                .isEqualTo(early);

        goOn(fresh, 20);
        // Also after a restart.
        goOn(fresh, 21);
    }

    @Test
    void everyEntryAndTimeIsReachedFromAnEarlierSnapshotOrFromNothing() throws Exception {
        Path fresh = Files.createDirectories(directory.resolve("new"));

        assertThat(NewBeginning.ofSnapshot(
                        base, log, fresh.resolve("state"), new Bound(middle.raftIndex(), Long.MAX_VALUE)))
                .isEqualTo(middle);
        assertThat(NewBeginning.ofSnapshot(
                        nothing, log, directory.resolve("2"), new Bound(early.raftIndex(), Long.MAX_VALUE)))
                .isEqualTo(early);
        NewBeginning.Outcome byTime =
                NewBeginning.ofSnapshot(nothing, log, directory.resolve("3"), new Bound(Long.MAX_VALUE, middleTimeNs));
        assertThat(byTime.digest()).isEqualTo(middle.digest());

        goOn(fresh, 60);
    }

    @Test
    void whatIsNotThereIsNamed() throws Exception {
        Bound beyond = new Bound(late.raftIndex() + 50, Long.MAX_VALUE);
        assertThatThrownBy(() -> NewBeginning.ofSnapshot(nothing, log, directory.resolve("1"), beyond))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no way from there to entry " + (late.raftIndex() + 50));

        Path first = firstOf(log);
        Files.delete(first);
        assertThatThrownBy(() -> NewBeginning.ofSnapshot(nothing, log, directory.resolve("2"), Bound.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Entries 0 to");
    }

    @Test
    void damagedFilesAreRefusedByName() throws Exception {
        flip(firstOf(log));
        assertThatThrownBy(() -> NewBeginning.ofSnapshot(nothing, log, directory.resolve("1"), Bound.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(firstOf(log) + " is damaged");

        Path segment;
        try (var files = Files.list(base)) {
            segment = files.filter(file -> file.toString().endsWith(".segment"))
                    .findFirst()
                    .orElseThrow();
        }
        flip(segment);
        assertThatThrownBy(() -> NewBeginning.ofSnapshot(base, log, directory.resolve("2"), Bound.NONE))
                .hasStackTraceContaining(segment.getFileName().toString());
    }

    @Test
    void aSurvivorsWholeLogIsInTheNewStateThoughNothingOfItsOwnWasDurable() throws Exception {
        Path crashed = directory.resolve("crashed");
        NewBeginning.Outcome last;
        try (WrittenLog group = new WrittenLog(directory.resolve("survivor"))) {
            group.append(1, 3);
            last = now(group);
            group.copyTo(crashed.resolve("log"));
        }

        assertThat(NewBeginning.ofSurvivor(crashed.resolve("state"), crashed.resolve("log")))
                .isEqualTo(last);
        assertThat(NewBeginning.ofSurvivor(crashed.resolve("state"), crashed.resolve("log")))
                .as("after a crash the same is done again")
                .isEqualTo(last);

        goOn(crashed, 3);
    }

    /** In a group that knows nothing of the old one's log. */
    private static void goOn(Path fresh, int events) throws Exception {
        try (WrittenLog group = new WrittenLog(fresh)) {
            group.append(events + 1, events + 1);
            assertThat(TestCluster.payloads(group.state(), 1))
                    .hasSize(events + 1)
                    .last()
                    .asString()
                    .startsWith("event " + (events + 1));
            assertThat(group.state().takeSnapshot().at().term()).isPositive();
        }
    }

    private static NewBeginning.Outcome now(WrittenLog group) {
        StateMachine state = group.state();
        return new NewBeginning.Outcome(state.applied().index(), state.digest());
    }

    /** As a backup has it: each file as long as it counts. */
    private static Path copy(Snapshot snapshot, Path target) throws IOException {
        Files.createDirectories(target);
        for (Snapshot.File file : Snapshot.files(snapshot.directory(), -1)) {
            byte[] bytes = Files.readAllBytes(file.path());
            Files.write(target.resolve(file.path().getFileName()), Arrays.copyOf(bytes, (int) file.bytes()));
        }
        return target;
    }

    private static Path copy(Path files, Path target) throws IOException {
        Files.createDirectories(target);
        try (var all = Files.list(files)) {
            for (Path file : all.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        return target;
    }

    private static Path logOf(Path snapshot, Path target) throws IOException {
        Files.createDirectories(target);
        try (var files = Files.list(snapshot)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".segment")).toList()) {
                KeptSegment segment = KeptSegment.named(file).orElseThrow();
                Files.copy(file, target.resolve("log_" + segment.first() + "-" + segment.last()));
            }
        }
        return target;
    }

    private static Path firstOf(Path log) throws IOException {
        try (var files = Files.list(log)) {
            return files.filter(file -> file.getFileName().toString().startsWith("log_0-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(bytes);
        }
    }
}
