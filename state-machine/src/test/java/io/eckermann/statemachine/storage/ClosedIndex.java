package io.eckermann.statemachine.storage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Looks at a family of a store that nobody has open. */
final class ClosedIndex {
    private interface Look {
        long at(RocksDB rocks, ColumnFamilyHandle handle) throws RocksDBException;
    }

    private final Path db;

    ClosedIndex(Path db) {
        this.db = db;
    }

    /** What it takes on the disk once nothing is there twice. */
    long compactedBytes(Family family) throws RocksDBException {
        return look(family, (rocks, handle) -> {
            rocks.compactRange(handle);
            return rocks.getLongProperty(handle, "rocksdb.total-sst-files-size");
        });
    }

    long rows(Family family) throws RocksDBException {
        return look(family, (rocks, handle) -> {
            long rows = 0;
            try (RocksIterator all = rocks.newIterator(handle)) {
                for (all.seekToFirst(); all.isValid(); all.next()) {
                    rows++;
                }
            }
            return rows;
        });
    }

    private long look(Family family, Look look) throws RocksDBException {
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        IndexMemory memory = new IndexMemory(StorageSettings.DEFAULTS);
        StoreOptions options = new StoreOptions(memory);
        try (memory;
                options;
                RocksDB rocks = RocksDB.open(options.db, db.toString(), options.families(), handles)) {
            long found = look.at(rocks, handles.get(List.of(Family.values()).indexOf(family)));
            handles.forEach(ColumnFamilyHandle::close);
            return found;
        }
    }
}
