package io.eckermann.raftlog.segment;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Remembers, in a file beside the log, up to which entry this node has had the log on disk, and may have said so. An
 * entry that can't be read was either cut off by a crash, and nobody was ever told of it, or it was acknowledged and is
 * lost: the log alone can't tell, as the last entry has nothing behind it.
 *
 * <p>It is written after each fsync of the log and before anybody hears of that, and is not fsynced then. So it is exact
 * when a process ends, however that ends. When the power fails it may be older than the log, by what the kernel writes
 * back within half a minute, or up to the last snapshot of the state: then loss in the very last entries is not seen here
 * (the leader sees it). It is never ahead of a log that is whole: what is told here is on disk already, and before
 * entries of a deposed leader are cut off the mark is taken back, with an fsync.
 *
 * <p>Ratis makes the writer of the log's files by itself, so it finds the mark by the log's directory. Safe from any
 * thread.
 */
public final class FlushMark implements Closeable {
    private static final Map<Path, FlushMark> OPEN = new ConcurrentHashMap<>();
    private static final String NAME = "flushed";

    /** A sector: a device has it old or new after a power failure. */
    private static final int SLOT_BYTES = 512;

    private static final int SLOTS = 2;
    private static final int SUMMED_BYTES = 2 * Long.BYTES;
    private static final int RECORD_BYTES = SUMMED_BYTES + Integer.BYTES;

    private final Path key;
    private final FileChannel file;
    private final ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
    // All of these are guarded by this.
    private long index = -1;
    private long writes;
    private long written = -1;
    /** Where entries are to be cut off that may not even be written yet, in the order in which that will happen. */
    private final Deque<Long> cuts = new ArrayDeque<>();

    private FlushMark(Path key, FileChannel file) {
        this.key = key;
        this.file = file;
    }

    /**
     * Opens the mark of a log, or makes one that says nothing yet.
     *
     * @param logDirectory holds the segments; may be missing, the directory above it is made
     */
    public static FlushMark open(Path logDirectory) throws IOException {
        Path key = key(logDirectory);
        Path path = key.resolveSibling(NAME);
        Files.createDirectories(path.getParent());
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FlushMark mark = new FlushMark(key, file);
        try {
            mark.load();
        } catch (IOException e) {
            file.close();
            throw e;
        }
        OPEN.put(key, mark);
        return mark;
    }

    /** The mark of the log with that directory, null when none is open. */
    public static @Nullable FlushMark of(Path logDirectory) {
        return OPEN.get(key(logDirectory));
    }

    private static Path key(Path logDirectory) {
        return logDirectory.toAbsolutePath().normalize();
    }

    private void load() throws IOException {
        if (file.size() < SLOTS * SLOT_BYTES) {
            // So that it never needs another block: a full disk is no reason to stop.
            file.write(ByteBuffer.allocate(SLOTS * SLOT_BYTES), 0);
            file.force(true);
        }
        for (int slot = 0; slot < SLOTS; slot++) {
            record.clear();
            boolean whole = file.read(record, (long) slot * SLOT_BYTES) == RECORD_BYTES;
            long count = record.getLong(Long.BYTES);
            if (whole && record.getInt(SUMMED_BYTES) == sum() && count > writes) {
                index = record.getLong(0);
                writes = count;
            }
        }
    }

    /** Up to which entry the log was on disk for certain; -1 for none, or when nothing is known. */
    public synchronized long index() {
        return index;
    }

    /**
     * The log is about to be written.
     *
     * @param end index of its last entry, -1 for none
     */
    public synchronized void begin(long end) {
        written = end;
        cuts.clear();
    }

    /**
     * An entry was written, and is not on disk yet.
     *
     * @param bytes with the whole entry, as it is in a segment
     * @param at where the entry begins
     */
    public synchronized void written(ByteBuffer bytes, int at) throws IOException {
        long entry = SegmentFile.indexAt(bytes, at);
        if (entry <= written) {
            // The log has gone back: what was to be cut off first is cut off.
            cuts.poll();
        }
        written = entry;
    }

    /** All that was written is on disk. */
    public synchronized void flushed() throws IOException {
        long known = cuts.isEmpty() ? written : Math.min(written, Collections.min(cuts) - 1);
        if (known > index) {
            write(known);
        }
    }

    /**
     * Entries are about to be cut off. Those may be among them that others still wait to write before.
     *
     * @param from index of the first of them
     */
    public synchronized void cut(long from) throws IOException {
        cuts.add(from);
        if (index >= from) {
            for (int slot = 0; slot < SLOTS; slot++) {
                write(from - 1);
            }
            file.force(false);
        }
    }

    /** Makes the mark itself durable. */
    public void force() throws IOException {
        file.force(false);
    }

    private void write(long to) throws IOException {
        index = to;
        writes++;
        record.clear();
        record.putLong(index).putLong(writes).putInt(sum()).flip();
        long at = writes % SLOTS * SLOT_BYTES;
        while (record.hasRemaining()) {
            file.write(record, at + record.position());
        }
    }

    private int sum() {
        CRC32C crc = new CRC32C();
        crc.update(record.array(), 0, SUMMED_BYTES);
        return (int) crc.getValue();
    }

    /** Fsynced and closed; nothing is written any more. A second time does nothing. */
    @Override
    public void close() throws IOException {
        OPEN.remove(key, this);
        try (file) {
            if (file.isOpen()) {
                file.force(false);
            }
        }
    }
}
