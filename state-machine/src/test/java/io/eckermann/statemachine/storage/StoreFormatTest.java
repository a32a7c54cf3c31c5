package io.eckermann.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.statemachine.RaftIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFormatTest {
    private static final RaftIndex AT = new RaftIndex(1, 1);

    @TempDir
    Path directory;

    @Test
    void indexOfThisFormatIsOpenedAsItIs() throws IOException {
        mark(Store.FORMAT);
        try (Store store = Store.open(directory.resolve("db"), StorageSettings.DEFAULTS)) {
            assertThat(LocalKeys.decodeFormat(
                            Objects.requireNonNull(store.batch().find(Family.LOCAL, LocalKeys.FORMAT))))
                    .isEqualTo(Store.FORMAT);
            assertThat(store.applied()).isEqualTo(AT);
        }
    }

    @Test
    void indexOfAnotherFormatIsRefused() throws IOException {
        for (int format : new int[] {Store.FORMAT - 1, Store.FORMAT + 1}) {
            mark(format);
            assertThatThrownBy(() -> Store.open(directory.resolve("db"), StorageSettings.DEFAULTS))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("has format " + format);
            DurableFiles.delete(directory.resolve("db"));
        }
    }

    @Test
    void snapshotIsReadWhenItsIndexIs() throws IOException {
        for (int format = Store.FORMAT - 1; format <= Store.FORMAT + 1; format++) {
            Files.writeString(directory.resolve("SNAPSHOT"), "format " + format + " term 1 index 1\n");
            if (format == Store.FORMAT) {
                assertThat(SnapshotFiles.at(directory)).isEqualTo(AT);
            } else {
                assertThatThrownBy(() -> SnapshotFiles.at(directory)).hasMessageContaining("run the same version");
            }
        }
    }

    private void mark(int format) throws IOException {
        try (Store store = Store.open(directory.resolve("db"), StorageSettings.DEFAULTS)) {
            StoreBatch batch = store.batch();
            batch.put(Family.LOCAL, LocalKeys.FORMAT, LocalKeys.encode(format));
            batch.commit(AT);
            store.flush();
        }
    }
}
