package io.eckermann.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.statemachine.RaftIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFileTest {
    private static final int FLUSHES = 300;
    /** Behind a checksum and a length. */
    private static final int KIND_AT = 6;

    @TempDir
    Path directory;

    private Path db;
    private Path manifest;
    private byte[] whole;

    @BeforeEach
    void indexIsWritten() throws IOException {
        db = directory.resolve("db");
        try (Store store = Store.open(db, StorageSettings.DEFAULTS)) {
            for (int i = 1; i <= FLUSHES; i++) {
                store.markInstalled(new RaftIndex(1, i));
            }
        }
        manifest = db.resolve(Files.readString(db.resolve("CURRENT")).strip());
        whole = Files.readAllBytes(manifest);
    }

    @Test
    void whatWasWrittenIsWholeAlsoWhenItGoesOnInTheNextBlock() throws IOException {
        assertThat(whole.length).isGreaterThan(32 << 10);
        assertThatCode(() -> ManifestFile.check(manifest)).doesNotThrowAnyException();
    }

    @Test
    void anyBitThatIsFlippedIsNoticed() throws IOException {
        int leftToRocks = 0;
        for (int at = 0; at < whole.length; at += at < 2_000 ? 1 : 97) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << at % Byte.SIZE);
            Files.write(manifest, flipped);
            if (isTakenForWhole()) {
                leftToRocks++;
                assertThatThrownBy(
                                () -> Store.open(db, StorageSettings.DEFAULTS).close())
                        .isInstanceOf(IOException.class);
            }
        }
        assertThat(leftToRocks).as("lengths that reach behind the file's end").isLessThan(20);
    }

    /** RocksDB reads the record that this makes of it again and again. */
    @Test
    void recordOfAnotherKindIsRefusedAndNotReadForEver() throws IOException {
        whole[KIND_AT] ^= 4;
        Files.write(manifest, whole);
        assertThatThrownBy(() -> Store.open(db, StorageSettings.DEFAULTS))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining(manifest + " is damaged, the record at byte 0");
    }

    @Test
    void endThatWasCutOffIsLeftToRocks() throws IOException {
        for (int bytes = 1; bytes < 60; bytes++) {
            Files.write(manifest, Arrays.copyOf(whole, whole.length - bytes));
            assertThat(isTakenForWhole()).as("%d bytes less", bytes).isTrue();
        }
    }

    private boolean isTakenForWhole() throws IOException {
        try {
            ManifestFile.check(manifest);
            return true;
        } catch (DamagedFileException e) {
            return false;
        }
    }
}
