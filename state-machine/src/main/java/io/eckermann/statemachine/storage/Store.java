package io.eckermann.statemachine.storage;

import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StorageFailure;
import io.eckermann.statemachine.storage.KeyRanges.KeyRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * An open RocksDB. There is no write-ahead log: what was written is durable after {@link #flush}; what was not is
 * applied again from the Raft log. Threads: one writes; any reads, flushes and checkpoints; closing is up to the owner.
 */
public final class Store implements AutoCloseable {
    /** The layout of families, keys and rows that this version reads and writes. */
    static final int FORMAT = 4;

    private final StoreOptions options;
    private final RocksDB db;
    private final Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);
    private final WriteOptions withoutLog = new WriteOptions().setDisableWAL(true);
    private final ReadOptions latest = new ReadOptions();
    private final StoreReader latestReader;
    private final IndexCompaction compaction;
    /** Used again for each write. */
    private final WriteBatch batch = new WriteBatch();

    private Store(StoreOptions options, RocksDB db, List<ColumnFamilyHandle> handles) {
        this.options = options;
        this.db = db;
        this.latestReader = StoreReader.ofLatest(this, db, latest);
        this.compaction = new IndexCompaction(db);
        for (Family family : Family.values()) {
            this.handles.put(family, handles.get(this.handles.size()));
        }
    }

    /** As {@link #open(Path, IndexMemory)}, with memory of its own. */
    public static Store open(Path directory, StorageSettings settings) throws IOException {
        // RocksDB keeps it until the store is closed.
        try (IndexMemory own = new IndexMemory(settings)) {
            return open(directory, own);
        }
    }

    /** Opens what is in the directory, or makes it. */
    public static Store open(Path directory, IndexMemory memory) throws IOException {
        NativeLibrary.load(directory.resolveSibling("native"));
        StoreOptions options = new StoreOptions(memory);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            if (IndexFile.isIndex(directory)) {
                refuseUnknownFamilies(directory);
            }
            RocksDB db = RocksDB.open(options.db, directory.toString(), options.families(), handles);
            return checked(new Store(options, db, handles), directory);
        } catch (RocksDBException e) {
            options.close();
            throw new IOException(
                    "The index in " + directory + " cannot be opened (" + e.getMessage()
                            + "): check that the directory is writable and used by no other process; if it is"
                            + " damaged, move the node's data away and let it be rebuilt from its peers.",
                    e);
        }
    }

    /** The last entry whose batch was committed. */
    public RaftIndex applied() throws IOException {
        return raftIndex(LocalKeys.APPLIED);
    }

    /** The snapshot this store was installed from, or {@link RaftIndex#NONE}. */
    public RaftIndex installed() throws IOException {
        return raftIndex(LocalKeys.INSTALLED);
    }

    /** Notes, durably, that this store came from a snapshot. */
    public void markInstalled(RaftIndex at) {
        try {
            db.put(withoutLog, LocalKeys.INSTALLED, LocalKeys.encode(at));
        } catch (RocksDBException e) {
            throw new StorageFailure("The index could not be written.", e);
        }
        flush();
    }

    /** Notes, durably and at once, that this store came from a snapshot of another entry than its batches were of. */
    void relabel(RaftIndex at) {
        try {
            db.put(withoutLog, LocalKeys.APPLIED, LocalKeys.encode(at));
            markInstalled(at);
        } catch (RocksDBException e) {
            throw new StorageFailure("The index could not be written.", e);
        }
    }

    /** Begins to collect changes; one collects at a time. */
    public StoreBatch batch() {
        return new StoreBatch(this);
    }

    /** Reads the rows of this moment. */
    public StoreReader reader() {
        return StoreReader.ofNow(this, db);
    }

    /** Reads through the rows of this moment, without taking the room in memory that others' rows have. */
    public StoreReader scanner() {
        return StoreReader.ofScan(this, db);
    }

    /** Reads the newest rows each time; lives as long as the store. */
    public StoreReader latestReader() {
        return latestReader;
    }

    /** Makes all committed batches durable. */
    public void flush() {
        try (FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
            db.flush(waiting, List.copyOf(handles.values()));
        } catch (RocksDBException e) {
            throw new StorageFailure("The index could not be flushed.", e);
        }
    }

    /** Makes a copy of all committed batches in a new directory, by hard links where it can. Flush first. */
    public void checkpoint(Path directory) {
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(directory.toString());
        } catch (RocksDBException e) {
            throw new StorageFailure("The index could not be checkpointed.", e);
        }
    }

    /**
     * Gives back what rows take that were deleted in ranges, of each range that takes so much. May take long. On one thread
     * at a time, beside all others.
     *
     * @return about how many bytes that were
     */
    public long compact(long bytesMin) {
        long given = 0;
        for (Family family : Family.values()) {
            given += compaction.compact(family, handle(family), bytesMin);
        }
        return given;
    }

    /** Ends {@link #compact}, if it is under way, for good. Any thread. */
    public void endCompaction() {
        compaction.end();
    }

    /** What RocksDB tells of itself now; no rows are read. */
    public IndexFigures figures() {
        try {
            return new IndexFigures(
                    db.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables"),
                    db.getLongProperty("rocksdb.block-cache-usage"),
                    db.getLongProperty("rocksdb.block-cache-pinned-usage"),
                    db.getAggregatedLongProperty("rocksdb.live-sst-files-size"),
                    db.getAggregatedLongProperty("rocksdb.estimate-pending-compaction-bytes"),
                    db.getLongProperty("rocksdb.num-running-compactions"),
                    db.getLongProperty("rocksdb.num-running-flushes"),
                    db.getLongProperty("rocksdb.num-snapshots"),
                    db.getLongProperty("rocksdb.is-write-stopped") != 0);
        } catch (RocksDBException e) {
            throw new StorageFailure("The index does not tell of itself.", e);
        }
    }

    /** Closes without flushing. */
    @Override
    public void close() {
        compaction.close();
        latest.close();
        batch.close();
        withoutLog.close();
        handles.values().forEach(ColumnFamilyHandle::close);
        db.close();
        options.close();
    }

    ReadOptions latest() {
        return latest;
    }

    byte @Nullable [] find(ReadOptions moment, Family family, byte[] key) throws RocksDBException {
        return db.get(handle(family), moment, key);
    }

    void ascend(ReadOptions moment, Family family, byte[] from, byte[] to, RowReader.RowVisitor visitor)
            throws RocksDBException {
        try (RocksIterator rows = db.newIterator(handle(family), moment)) {
            for (rows.seek(from); rows.isValid(); rows.next()) {
                byte[] key = rows.key();
                if (Arrays.compareUnsigned(key, to) >= 0 || !visitor.row(key, rows.value())) {
                    return;
                }
            }
            rows.status();
        }
    }

    void descend(ReadOptions moment, Family family, byte[] from, byte[] to, RowReader.RowVisitor visitor)
            throws RocksDBException {
        try (RocksIterator rows = db.newIterator(handle(family), moment)) {
            for (rows.seekForPrev(from); rows.isValid(); rows.prev()) {
                byte[] key = rows.key();
                if (Arrays.compareUnsigned(key, to) < 0 || !visitor.row(key, rows.value())) {
                    return;
                }
            }
            rows.status();
        }
    }

    /** Writes all changes at once. On one thread. */
    void write(Changes changes) {
        batch.clear();
        try {
            for (Family family : Family.values()) {
                ColumnFamilyHandle handle = handle(family);
                for (KeyRange range : changes.deletedRanges(family)) {
                    batch.deleteRange(handle, range.from(), range.to());
                }
                for (Map.Entry<byte[], Changes.Row> row : changes.of(family).entrySet()) {
                    byte[] value = row.getValue().value();
                    if (value == null) {
                        batch.delete(handle, row.getKey());
                    } else {
                        batch.put(handle, row.getKey(), value);
                    }
                }
            }
            db.write(withoutLog, batch);
            for (Family family : Family.values()) {
                compaction.deleted(family, changes.deletedRanges(family));
            }
        } catch (RocksDBException e) {
            throw new StorageFailure("The index could not be written.", e);
        }
    }

    private ColumnFamilyHandle handle(Family family) {
        return Objects.requireNonNull(handles.get(family));
    }

    private RaftIndex raftIndex(byte[] key) throws IOException {
        try {
            byte[] value = db.get(key);
            return value == null ? RaftIndex.NONE : LocalKeys.decodeRaftIndex(value);
        } catch (RocksDBException e) {
            throw new IOException("The index cannot be read.", e);
        }
    }

    /** One that is refused is closed: else this process could not open it again. */
    private static Store checked(Store store, Path directory) throws IOException, RocksDBException {
        try {
            store.checkFormat(directory);
            return store;
        } catch (IOException | RocksDBException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void checkFormat(Path directory) throws IOException, RocksDBException {
        byte[] format = db.get(LocalKeys.FORMAT);
        if (format == null && applied().equals(RaftIndex.NONE)) {
            db.put(withoutLog, LocalKeys.FORMAT, LocalKeys.encode(FORMAT));
            flush();
        } else if (format == null || LocalKeys.decodeFormat(format) != FORMAT) {
            throw new IOException("The index in " + directory + " has format "
                    + (format == null ? "none" : LocalKeys.decodeFormat(format)) + ", this version reads " + FORMAT
                    + ": start the version that wrote it, or a newer one.");
        }
    }

    private static void refuseUnknownFamilies(Path directory) throws IOException, RocksDBException {
        List<String> known =
                Arrays.stream(Family.values()).map(Family::familyName).toList();
        try (Options any = new Options()) {
            for (byte[] name : RocksDB.listColumnFamilies(any, directory.toString())) {
                String found = new String(name, java.nio.charset.StandardCharsets.UTF_8);
                if (!known.contains(found)) {
                    throw new IOException("The index in " + directory + " holds a family " + found
                            + " that this version does not know: start the version that wrote it.");
                }
            }
        }
    }
}
