package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.statemachine.storage.DamagedFileException;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start finds of the newest snapshot, and of one that was about to be put in place. */
class DamagedSnapshotTest {
    @TempDir
    Path temp;

    private Path snapshot;

    @BeforeEach
    void take() {
        try (TestStore store = new TestStore(temp.resolve("a"))) {
            long orders = store.createTopic("orders");
            store.append(orders, "p", 1, "a", "x".repeat(10_000));
            snapshot = store.machine().takeSnapshot().directory();
        }
    }

    @Test
    void snapshotThatIsWholeIsLeftAsItIs() throws IOException {
        int files = DurableFiles.list(snapshot).size();
        StateMachine.open(temp.resolve("a")).close();
        assertThat(DurableFiles.list(snapshot)).hasSize(files);
        assertThat(temp.resolve("a/db.tmp")).doesNotExist();
    }

    @Test
    void missingOrDamagedLabelIsRefused() throws IOException {
        Path label = snapshot.resolve("SNAPSHOT");
        String text = Files.readString(label);
        Files.writeString(label, text.replace("index", "indey"));
        assertRefused("a");
        Files.writeString(label, text.replaceAll("index \\d+", "index 0"));
        assertRefused("a");
        Files.delete(label);
        assertRefused("a");
    }

    @Test
    void missingAndDamagedFilesOfTheIndexAreRefused() throws IOException {
        for (String name : new String[] {"CURRENT", "MANIFEST-", ".sst"}) {
            Path file = find(name);
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            assertRefused("a");
            Files.write(file, bytes);
        }
        Path manifest = find("MANIFEST-");
        byte[] bytes = Files.readAllBytes(manifest);
        bytes[bytes.length / 2] ^= 4;
        Files.write(manifest, bytes);
        assertRefused("a");
    }

    @Test
    void lostSegmentsAreGivenToItAgain() throws IOException {
        for (String name : new String[] {".segment", ".bodies", "segments"}) {
            Files.delete(find(name));
            StateMachine.open(temp.resolve("a")).close();
            assertThat(find(name)).exists();
        }
    }

    @Test
    void snapshotThatWasToBePutInPlaceIsRefusedWhenItIsDamagedByThen() throws IOException {
        try (StateMachine other = TestStore.open(temp.resolve("b"))) {
            Path incoming = other.incoming();
            for (Path file : DurableFiles.list(snapshot)) {
                Files.copy(file, incoming.resolve(file.getFileName()));
            }
            other.accept(incoming);
        }
        Path accepted = temp.resolve("b/snapshots").resolve(snapshot.getFileName());
        Files.delete(DurableFiles.list(accepted).stream()
                .filter(file -> file.toString().contains("MANIFEST-"))
                .findFirst()
                .orElseThrow());
        assertRefused("b");
    }

    private void assertRefused(String state) {
        assertThatThrownBy(() -> StateMachine.open(temp.resolve(state)))
                .hasMessageContaining(temp.resolve(state).resolve("snapshots").toString())
                .satisfies(e -> assertThat(DamagedFileException.partIn(e)).isEqualTo(DamagedFileException.SNAPSHOT));
    }

    private Path find(String name) throws IOException {
        return DurableFiles.list(snapshot).stream()
                .filter(file -> file.getFileName().toString().contains(name))
                .findFirst()
                .orElseThrow();
    }
}
