package io.eckermann.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.Event;
import io.eckermann.statemachine.TestStore;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.condition.Conditional;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** What it takes on the disk to find events. */
class IndexSizeTest {
    private static final int EVENTS = 60_000;
    private static final int EVENTS_PER_ENTRY = 20;
    private static final int BYTES_PER_EVENT_MAX = 60;

    @Test
    void eventWithThreeTagsTakesSixtyBytesOfTheIndexAtMost(@TempDir Path directory) throws RocksDBException {
        try (TestStore store = new TestStore(directory)) {
            long topic = store.createTopic("courses");
            for (int i = 0; i < EVENTS; i += EVENTS_PER_ENTRY) {
                List<Operation> entry = new ArrayList<>();
                for (int k = i; k < i + EVENTS_PER_ENTRY; k++) {
                    entry.add(TestStore.append(topic, List.of(event(k)), List.of(), null));
                }
                store.commit(1_000 + i, entry);
            }
            store.machine().flush();
        }
        assertThat(compacted(directory.resolve("db"), Family.TERMS) / EVENTS).isBetween(1L, (long) BYTES_PER_EVENT_MAX);
    }

    /** Each tag is on ten events or more, far from each other. */
    private static Event event(int number) {
        return Conditional.event(
                "StudentSubscribed",
                "",
                "student:" + Integer.toHexString(Integer.reverse(number % 6_000)),
                "course:" + number * 31L % 1_000,
                "term:" + number / 10_000);
    }

    private static long compacted(Path db, Family family) throws RocksDBException {
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        StoreOptions options = new StoreOptions(StorageSettings.DEFAULTS);
        try (options;
                RocksDB rocks = RocksDB.open(options.db, db.toString(), options.families(), handles)) {
            ColumnFamilyHandle handle = handles.get(List.of(Family.values()).indexOf(family));
            rocks.compactRange(handle);
            long bytes = rocks.getLongProperty(handle, "rocksdb.total-sst-files-size");
            handles.forEach(ColumnFamilyHandle::close);
            return bytes;
        }
    }
}
