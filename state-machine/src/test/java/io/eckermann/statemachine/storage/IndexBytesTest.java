package io.eckermann.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What deleted rows took on the disk comes back, and not in a week. */
class IndexBytesTest {
    private static final int ROWS = 20_000;
    private static final int VALUE_BYTES = 200;

    @TempDir
    Path directory;

    private final Random random = new Random(7);
    private Store store;
    private StoreBatch batch;
    private long applied;

    @BeforeEach
    void open() throws IOException {
        store = Store.open(directory.resolve("db"), StorageSettings.DEFAULTS);
        batch = store.batch();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void bytesOfRowsThatGoOneByOneComeBackWithoutAnybodyAsking() {
        long full = fill(Family.TERMS);
        for (int row = 0; row < ROWS; row++) {
            if (row % 10 != 0) {
                batch.delete(Family.TERMS, Key.of((long) row).bytes());
            }
        }
        flush();
        Waiting.until("most of the index is gone", () -> bytes() < full / 5);
    }

    @Test
    void bytesOfRangesComeBackWhenTheyAreCompacted() {
        long full = fill(Family.CHUNKS);
        batch.deleteRange(
                Family.CHUNKS, Key.of(0L).bytes(), Key.of(ROWS * 9L / 10).bytes());
        flush();
        assertThat(store.compact(full)).isZero();
        assertThat(store.compact(full / 2)).isGreaterThan(full / 2);
        Waiting.until("most of the index is gone", () -> bytes() < full / 5);
        assertThat(store.compact(0)).isZero();
        assertThat(batch.find(Family.CHUNKS, Key.of(ROWS - 1L).bytes())).isNotNull();
    }

    @Test
    void noCompactionBeginsOnceItIsEnded() {
        long full = fill(Family.CHUNKS);
        batch.deleteRange(Family.CHUNKS, Key.of(0L).bytes(), Key.of((long) ROWS).bytes());
        flush();
        store.endCompaction();
        assertThat(store.compact(full / 2)).isZero();
    }

    private long fill(Family family) {
        for (int row = 0; row < ROWS; row++) {
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            batch.put(family, Key.of((long) row).bytes(), value);
        }
        flush();
        return bytes();
    }

    private void flush() {
        applied++;
        batch.commit(new RaftIndex(1, applied));
        store.flush();
    }

    private long bytes() {
        try {
            return DurableFiles.list(directory.resolve("db")).stream()
                    .filter(file -> file.toString().endsWith(".sst"))
                    .mapToLong(IndexBytesTest::size)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** 0 of a file that has just gone. */
    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
