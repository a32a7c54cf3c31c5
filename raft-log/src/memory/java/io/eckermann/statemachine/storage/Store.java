package io.eckermann.statemachine.storage;

import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.storage.KeyRanges.KeyRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;

/**
 * Stands in for the store of the same name, which is an open RocksDB, in simulations: rows are in maps, and durable once they
 * are in a file. It promises the same, and opens in no time. Not compiled with the others, see Variant among the tests.
 */
public final class Store implements AutoCloseable {
    private final Path file;
    /** Guarded by this. */
    private final Rows rows;

    private final StoreReader latestReader;

    private Store(Path file, Rows rows) {
        this.file = file;
        this.rows = rows;
        latestReader = new StoreReader(this, null);
    }

    public static Store open(Path directory, StorageSettings settings) throws IOException {
        try (IndexMemory unused = new IndexMemory(settings)) {
            return open(directory, unused);
        }
    }

    public static Store open(Path directory, IndexMemory memory) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("rows");
        if (Files.exists(file)) {
            return new Store(file, Rows.decode(Files.readAllBytes(file)));
        }
        Store store = new Store(file, new Rows());
        store.flush();
        return store;
    }

    public RaftIndex applied() {
        return raftIndex(LocalKeys.APPLIED);
    }

    public RaftIndex installed() {
        return raftIndex(LocalKeys.INSTALLED);
    }

    private RaftIndex raftIndex(byte[] key) {
        byte[] value = find(null, Family.LOCAL, key);
        return value == null ? RaftIndex.NONE : LocalKeys.decodeRaftIndex(value);
    }

    public void markInstalled(RaftIndex at) {
        put(LocalKeys.INSTALLED, at);
        flush();
    }

    void relabel(RaftIndex at) {
        put(LocalKeys.APPLIED, at);
        markInstalled(at);
    }

    private synchronized void put(byte[] key, RaftIndex at) {
        rows.of(Family.LOCAL).put(key, LocalKeys.encode(at));
    }

    public StoreBatch batch() {
        return new StoreBatch(this);
    }

    public synchronized StoreReader reader() {
        return new StoreReader(this, rows.copy());
    }

    public StoreReader scanner() {
        return reader();
    }

    public StoreReader latestReader() {
        return latestReader;
    }

    public synchronized void flush() {
        save(file);
    }

    public synchronized void checkpoint(Path directory) {
        try {
            Files.createDirectory(directory);
            Files.copy(file, directory.resolve("rows"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void save(Path to) {
        Path draft = to.resolveSibling("rows.tmp");
        try {
            Files.write(draft, rows.encode());
            Files.move(draft, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    public long compact(long bytesMin) {
        return 0;
    }

    public void endCompaction() {
        // There is none.
    }

    public IndexFigures figures() {
        return new IndexFigures(0, 0, 0, 0, 0, 0, 0, 0, false);
    }

    /** Nothing is written any more. */
    @Override
    public void close() {
        // There is nothing to give back.
    }

    @Nullable
    ReadOptions latest() {
        return null;
    }

    synchronized byte @Nullable [] find(@Nullable ReadOptions moment, Family family, byte[] key) {
        return rows.of(family).get(key);
    }

    void ascend(@Nullable ReadOptions moment, Family family, byte[] from, byte[] to, RowReader.RowVisitor visitor) {
        Rows.show(between(family, from, to), visitor);
    }

    private synchronized Iterable<Map.Entry<byte[], byte[]>> between(Family family, byte[] from, byte[] to) {
        return rows.rising(family, from, to);
    }

    void descend(@Nullable ReadOptions moment, Family family, byte[] from, byte[] to, RowReader.RowVisitor visitor) {
        Rows.show(downwards(family, from, to), visitor);
    }

    private synchronized Iterable<Map.Entry<byte[], byte[]>> downwards(Family family, byte[] from, byte[] to) {
        return rows.falling(family, from, to);
    }

    synchronized void write(Changes changes) {
        for (Family family : Family.values()) {
            for (KeyRange range : changes.deletedRanges(family)) {
                rows.of(family).subMap(range.from(), true, range.to(), false).clear();
            }
            changes.of(family).forEach((key, row) -> {
                byte[] value = row.value();
                if (value == null) {
                    rows.of(family).remove(key);
                } else {
                    rows.of(family).put(key, value);
                }
            });
        }
    }
}
