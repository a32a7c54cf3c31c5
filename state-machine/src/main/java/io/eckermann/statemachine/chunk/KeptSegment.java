package io.eckermann.statemachine.chunk;

import io.eckermann.statemachine.storage.DamagedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A segment of the Raft log as the state machine keeps it: the log's own file, {@code FIRST-LAST.segment}, and a side
 * file {@code FIRST-LAST.bodies} that says where in it the bodies are; or, once it was written anew without what is dead
 * in it, {@code FIRST-LAST.packed} alone.
 *
 * @param first index of its first entry
 * @param last index of its last entry
 * @param bytes of the log's file that belong to it, which may be longer; of a packed one, all
 * @param packed see {@link PackedSegment}
 */
public record KeptSegment(long first, long last, long bytes, boolean packed) {
    static final String DATA = ".segment";
    static final String SIDE = ".bodies";
    static final String PACKED = ".packed";

    private static final FileVersion VERSION = new FileVersion("EckKept", '1');
    private static final byte[] MAGIC = VERSION.bytes();
    private static final int FIRST_AT = MAGIC.length;
    private static final int LAST_AT = FIRST_AT + Long.BYTES;
    private static final int BYTES_AT = LAST_AT + Long.BYTES;
    private static final int COUNT_AT = BYTES_AT + Long.BYTES;
    private static final int ROWS_AT = COUNT_AT + Integer.BYTES;
    private static final Pattern NAME = Pattern.compile("(\\d{1,18})-(\\d{1,18})\\.(segment|bodies|packed)");

    /** One that is the log's own file. */
    public KeptSegment(long first, long last, long bytes) {
        this(first, last, bytes, false);
    }

    /** What a file's name says about the segment it belongs to; 0 for its bytes. Empty when it belongs to none. */
    public static Optional<KeptSegment> named(Path file) {
        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        return name.matches()
                ? Optional.of(new KeptSegment(
                        Long.parseLong(name.group(1)),
                        Long.parseLong(name.group(2)),
                        0,
                        name.group(3).equals("packed")))
                : Optional.empty();
    }

    /**
     * What tells a segment's file from others of the same name: two with one mark, of any nodes of a cluster, have each of
     * the same bodies at the same place. Empty for a file that belongs to no segment.
     */
    public static String mark(Path file) throws IOException {
        Optional<KeptSegment> name = named(file);
        if (name.isEmpty()) {
            return "";
        }
        Path table = isLogFile(file) ? file.resolveSibling(name.get().sideName()) : file;
        try (FileChannel channel = FileChannel.open(table, StandardOpenOption.READ)) {
            ByteBuffer crc = ByteBuffer.allocate(Integer.BYTES);
            long at = channel.size() - Integer.BYTES;
            while (at >= 0 && crc.hasRemaining() && channel.read(crc, at + crc.position()) > 0) {
                // Both kinds of tables end with a checksum of all of it.
            }
            return channel.size() + "-" + Integer.toHexString(crc.getInt(0));
        }
    }

    /** Whether a file holds bodies, by its name. */
    public static boolean isData(Path file) {
        return isLogFile(file) || file.toString().endsWith(PACKED);
    }

    /** Whether a file is a log's file, by its name. */
    static boolean isLogFile(Path file) {
        return file.toString().endsWith(DATA);
    }

    /** What a segment's file in some directory says about it, as {@link #describedBy} or {@link PackedSegment} do. */
    static KeptSegment describedIn(Path directory, KeptSegment name) throws IOException {
        return name.packed()
                ? PackedSegment.describedBy(directory.resolve(name.dataName()))
                : describedBy(directory.resolve(name.sideName()));
    }

    /** Where the bodies in a segment's file in some directory are; checked against a checksum. */
    BodyPlaces places(Path directory) throws IOException {
        return packed
                ? PackedSegment.offsets(directory.resolve(dataName()), this)
                : offsets(directory.resolve(sideName()));
    }

    /** The name of the same once it is packed. */
    KeptSegment asPacked() {
        return new KeptSegment(first, last, 0, true);
    }

    boolean holds(long raftIndex) {
        return first <= raftIndex && raftIndex <= last;
    }

    public String dataName() {
        return first + "-" + last + (packed ? PACKED : DATA);
    }

    /** Of the log's own file; a packed segment has none. */
    public String sideName() {
        return first + "-" + last + SIDE;
    }

    /** The side file's content. */
    byte[] encode(BodyOffsets offsets) {
        byte[] rows = offsets.bytes();
        ByteBuffer side = ByteBuffer.allocate(ROWS_AT + rows.length + Integer.BYTES);
        side.put(MAGIC).putLong(first).putLong(last).putLong(bytes).putInt(offsets.size());
        side.put(rows);
        CRC32C crc = new CRC32C();
        crc.update(side.array(), 0, side.position());
        side.putInt((int) crc.getValue());
        return side.array();
    }

    /**
     * Reads a side file's head, and looks whether the log's file beside it is long enough.
     *
     * @throws IOException that names the file, when one of the two is missing or damaged
     */
    static KeptSegment describedBy(Path side) throws IOException {
        KeptSegment name = named(side).orElseThrow(() -> new IOException(side + " is not named like a side file"));
        ByteBuffer head = ByteBuffer.allocate(ROWS_AT);
        long length;
        try (FileChannel file = FileChannel.open(side, StandardOpenOption.READ)) {
            length = file.size();
            int read;
            do {
                read = file.read(head, head.position());
            } while (read > 0);
        }
        VERSION.require(side, head);
        KeptSegment segment = parse(head);
        long wanted = ROWS_AT + (long) head.getInt(COUNT_AT) * BodyOffsets.ROW_BYTES + Integer.BYTES;
        if (segment.first != name.first || segment.last != name.last || length != wanted) {
            throw damaged(side);
        }
        requireData(side.resolveSibling(segment.dataName()), segment.bytes);
        return segment;
    }

    private static void requireData(Path data, long bytes) throws IOException {
        long found;
        try {
            found = Files.size(data);
        } catch (NoSuchFileException e) {
            throw DamagedFileException.ofKeptLog("The kept segment " + data + " is missing, and with it events", e);
        }
        if (found < bytes) {
            throw DamagedFileException.ofKeptLog(
                    "The kept segment " + data + " is cut off at " + found + " of " + bytes + " bytes");
        }
    }

    private static KeptSegment parse(ByteBuffer head) {
        for (int i = 0; i < MAGIC.length; i++) {
            if (head.get(i) != MAGIC[i]) {
                return new KeptSegment(-1, -1, 0);
            }
        }
        return new KeptSegment(head.getLong(FIRST_AT), head.getLong(LAST_AT), head.getLong(BYTES_AT));
    }

    /** Reads the whole side file and checks it against its checksum. */
    BodyOffsets offsets(Path side) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(side));
        int end = all.limit() - Integer.BYTES;
        CRC32C crc = new CRC32C();
        crc.update(all.array(), 0, Math.max(0, end));
        if (end < ROWS_AT
                || (int) crc.getValue() != all.getInt(end)
                || !parse(all).equals(this)) {
            throw damaged(side);
        }
        return BodyOffsets.of(first, all.slice(ROWS_AT, end - ROWS_AT));
    }

    private static IOException damaged(Path side) {
        return new DamagedFileException(
                DamagedFileException.KEPT_LOG,
                "The side file " + side + " is damaged: delete it and start the node again, it is made anew from the"
                        + " segment.");
    }
}
