package io.eckermann.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.SnapshotCheck;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.StorageFailure;
import io.eckermann.statemachine.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is damaged on the disk is never served, and never built upon. */
class CorruptionTest {
    private static final byte[] EVERYTHING = {(byte) 0xff, (byte) 0xff};

    @TempDir
    Path directory;

    @Test
    void flippedBitInAKeptBodyIsDataCorruptAndNamesTheEvent() throws IOException {
        try (TestStore store = new TestStore(directory)) {
            long orders = keptOrders(store);
            Path data = onlyFile(".segment");
            byte[] bytes = Files.readAllBytes(data);
            bytes[bytes.length - 1_000] ^= 1;
            Files.write(data, bytes);
            store.reopen();
            assertThat(TestStore.payloads(store.view().forward(orders, 1, 1))).containsExactly("a", "b");
            assertCorrupt(store, orders, "damaged");
        }
    }

    @Test
    void damagedSideFileIsDataCorruptAndNamed() throws IOException {
        try (TestStore store = new TestStore(directory)) {
            long orders = keptOrders(store);
            Path side = onlyFile(".bodies");
            byte[] bytes = Files.readAllBytes(side);
            bytes[bytes.length - 10] ^= 1;
            Files.write(side, bytes);
            store.reopen();
            assertCorrupt(store, orders, side.toString());
        }
    }

    @Test
    void missingOrCutOffSegmentRefusesTheStartAndIsNamed() throws IOException {
        try (TestStore store = new TestStore(directory)) {
            keptOrders(store);
            store.machine().close();
            Path data = onlyFile(".segment");
            byte[] bytes = Files.readAllBytes(data);
            Files.write(data, Arrays.copyOf(bytes, bytes.length - 1));
            assertThatThrownBy(() -> StateMachine.open(directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(data.toString())
                    .hasMessageContaining("cut off");
            Files.delete(data);
            assertThatThrownBy(() -> StateMachine.open(directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(data.toString())
                    .hasMessageContaining("missing");
            Files.write(data, bytes);
            store.reopen();
        }
    }

    @Test
    void damagedTailStopsTheApplyingNode() throws IOException {
        try (TestStore store = new TestStore(directory)) {
            long orders = store.createTopic("orders");
            store.machine().close();
            rewrite(Family.TAILS, value -> new byte[] {(byte) 0xff});
            store.reopen();
            assertThatThrownBy(() -> store.append(5_000, orders, "a")).isInstanceOf(StorageFailure.class);
            assertThatThrownBy(() -> store.machine().skip(new RaftIndex(9, 9))).isInstanceOf(StorageFailure.class);
            assertThatThrownBy(() -> store.view().topic(orders))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT));
        }
    }

    @Test
    void indexOfANewerVersionIsRefusedWithWhatToDo() throws IOException {
        StateMachine machine = StateMachine.open(directory);
        machine.skip(new RaftIndex(1, 1));
        machine.close();
        rewrite(Family.LOCAL, value -> value.length == Integer.BYTES ? LocalKeys.encode(Store.FORMAT + 1) : value);
        assertThatThrownBy(() -> StateMachine.open(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has format 5, this version reads 4");
    }

    @Test
    void aSnapshotsDamagedFileOfTheIndexIsNamedBeforeItIsSent() throws IOException {
        try (TestStore store = new TestStore(directory)) {
            keptOrders(store);
            Path linked = Files.createDirectories(directory.resolve("linked"));
            store.machine().linkLatestSnapshot(linked);
            SnapshotCheck check = new SnapshotCheck(store.machine().kept());
            int looked = 0;
            for (Path file : DurableFiles.list(linked)) {
                check.verify(file);
                if (file.toString().endsWith(".sst")) {
                    looked++;
                    byte[] bytes = Files.readAllBytes(file);
                    bytes[bytes.length / 3] ^= 1;
                    Files.delete(file);
                    Files.write(file, bytes);
                    assertThatThrownBy(() -> check.verify(file))
                            .isInstanceOf(IOException.class)
                            .hasStackTraceContaining(String.valueOf(file.getFileName()));
                }
            }
            assertThat(looked).isGreaterThan(1);
        }
    }

    private static long keptOrders(TestStore store) {
        long orders = store.createTopic("orders");
        store.append(5_000, orders, "a", "b");
        store.append(6_000, orders, "c".repeat(5_000));
        store.machine().takeSnapshot();
        return orders;
    }

    private Path onlyFile(String ending) throws IOException {
        return DurableFiles.list(directory.resolve("kept")).stream()
                .filter(file -> file.toString().endsWith(ending))
                .findFirst()
                .orElseThrow();
    }

    private static void assertCorrupt(TestStore store, long orders, String message) {
        assertThatThrownBy(() -> store.view().forward(orders, 3, 1)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
            assertThat(e).hasMessageContaining(message);
            assertThat(e.facts()).containsEntry("raft_index", "2");
        });
    }

    private void rewrite(Family family, Damage damage) throws IOException {
        try (Store store = Store.open(directory.resolve("db"), StorageSettings.DEFAULTS)) {
            RaftIndex applied = store.applied();
            List<byte[]> rows = new ArrayList<>();
            try (StoreReader reader = store.reader()) {
                reader.ascend(family, new byte[0], EVERYTHING, (key, value) -> rows.add(key) && rows.add(value));
            }
            StoreBatch batch = store.batch();
            for (int i = 0; i < rows.size(); i += 2) {
                batch.put(family, rows.get(i), damage.done(rows.get(i + 1)));
            }
            batch.commit(applied);
            store.flush();
        }
    }

    private interface Damage {
        byte[] done(byte[] value);
    }
}
