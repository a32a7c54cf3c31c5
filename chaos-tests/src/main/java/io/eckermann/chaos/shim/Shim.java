package io.eckermann.chaos.shim;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** The page that tells the library preloaded into one node what to do, and has its counts. */
public final class Shim {
    static final int PAGE_BYTES = 4096;
    private static final int LOADED_MARK = 0x45434b4d;
    private static final int META_BYTES_SLOT = 128;

    /** Places in the page, in numbers of 64 bits; libchaos.c has the same list. */
    public enum Slot {
        CLOCK_OFFSET_NS(1),
        CLOCK_RATE_PPM(2),
        CLOCK_RATE_SINCE_NS(3),
        FSYNC_DELAY_MS(4),
        FSYNC_ERRNO(5),
        FSYNC_ERRORS_LEFT(6),
        FSYNC_LIES(7),
        WRITE_ERRNO(8),
        TEAR_NEXT_WRITE(9),
        CUT_AT_META(10),
        WRITE_ERRORS_LEFT(11),
        WRITE_ERRORS_OF_LOG(12),
        FSYNC_HANGS(13),
        LOADED(32),
        CLOCK_READS(33),
        FSYNCS(34),
        FSYNCS_DELAYED(35),
        FSYNCS_FAILED(36),
        FSYNCS_LIED(37),
        WRITES_FAILED(38),
        WRITES_TORN(39),
        META_RENAMES(40),
        META_CUTS(41),
        FSYNCS_AFTER_FAILURE(42),
        /** Of a file whose fsync had failed in the same process. */
        FSYNCS_AGAIN(43),
        FSYNCS_HUNG(44),
        /** When the process was first told of a failure, as System.nanoTime() has it; 0: never. */
        FAILED_AT_NS(45);

        private final int place;

        Slot(int place) {
            this.place = place;
        }

        public int place() {
            return place;
        }
    }

    private final Path file;
    private final Path library;
    private final MappedByteBuffer page;

    public Shim(Path file, Path library) throws IOException {
        this.file = file;
        this.library = library;
        Files.write(file, new byte[PAGE_BYTES]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            page = channel.map(FileChannel.MapMode.READ_WRITE, 0, PAGE_BYTES);
            page.order(ByteOrder.nativeOrder());
        }
    }

    /** What the node's environment must have. */
    public Map<String, String> environment(Path data) {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "CHAOS_PAGE", file.toString(),
                "CHAOS_DATA", data.toString());
    }

    public void set(Slot slot, long value) {
        page.putLong(slot.place() * Long.BYTES, value);
    }

    public long value(Slot slot) {
        return page.getLong(slot.place() * Long.BYTES);
    }

    /** Whether a process has it. */
    public boolean isLoaded() {
        return value(Slot.LOADED) == LOADED_MARK;
    }

    /** Nothing is wrong any more; the clock is right, and counts begin anew. */
    public void clear() {
        for (Slot slot : Slot.values()) {
            if (slot != Slot.LOADED) {
                set(slot, 0);
            }
        }
    }

    /** What raft-meta held when it was last renamed into its place; empty when it never was. */
    public String lastMeta() {
        int length = (int) page.getLong(META_BYTES_SLOT * Long.BYTES);
        byte[] bytes = new byte[length];
        page.get((META_BYTES_SLOT + 1) * Long.BYTES, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
