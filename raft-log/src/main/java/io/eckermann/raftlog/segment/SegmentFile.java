package io.eckermann.raftlog.segment;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.eckermann.statemachine.command.CommandCodec;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of the Raft log, in the format of Ratis 3.3.0, which only this class knows: 8 bytes {@code RaftLog1}, then per
 * entry its length as a protobuf varint, the entry (a LogEntryProto: field 1 the term, field 2 the index, field 3 what
 * the state machine logs, of which field 1 is the command), and four bytes big-endian CRC-32C over varint and entry. An open file is named {@code log_inprogress_FIRST} and is filled with
 * zeros behind its last entry; a closed one is named {@code log_FIRST-LAST} and ends with its last entry.
 *
 * @param first index of the first entry, from the name
 * @param last index of the last entry, from the name; -1 for an open file
 */
public record SegmentFile(Path path, long first, long last) {
    private static final byte[] MAGIC = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
    /** Where the first entry is. */
    static final int FIRST_ENTRY_AT = MAGIC.length;

    private static final int CRC_BYTES = Integer.BYTES;
    private static final int TERM_TAG = 1 << 3;
    private static final int INDEX_TAG = 2 << 3;
    private static final int STATE_MACHINE_ENTRY_TAG = 3 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int LOG_DATA_TAG = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    /** No entry is larger: Ratis refuses those above its append buffer of 4 MiB. */
    private static final int ENTRY_BYTES_MAX = 8 << 20;

    /** Of an entry's length, term and index, and the tag behind them. */
    private static final int HEADER_BYTES_MAX = 48;

    private static final int PART_BYTES = 256 << 10;

    /** How far ahead of the last good entry one behind a hole is believed to be. */
    private static final long INDEX_REACH = 1L << 20;

    private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");
    private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");

    private record Header(long term, long index) {}

    /**
     * An entry's place.
     *
     * @param offset of the entry's length, in the file
     * @param end offset of the byte behind the entry's checksum
     */
    public record Entry(long term, long index, long offset, long end) {}

    /**
     * What a file holds.
     *
     * @param entries from the first to the last that can be read in a row
     * @param end offset behind the last of them
     * @param damage what follows there, null when nothing but zeros does
     */
    public record Content(
            List<Entry> entries, long end, @Nullable Damage damage) {
        /** Index of the last entry, -1 when there is none. */
        public long lastIndex() {
            return entries.isEmpty() ? -1 : entries.get(entries.size() - 1).index();
        }
    }

    /**
     * Bytes that are neither an entry nor zeros.
     *
     * @param validEntryAt offset of a whole entry behind them, -1 when there is none
     */
    public record Damage(long offset, String what, long validEntryAt) {}

    /** Is shown a file's entries. */
    @FunctionalInterface
    public interface EntryVisitor {
        /**
         * One entry.
         *
         * @param command null when it is one of Ratis's own
         * @return false to see no more
         */
        boolean entry(long term, long index, @Nullable ByteString command) throws IOException;
    }

    /** The file as a segment, if its name says that it is one. */
    public static Optional<SegmentFile> of(Path path) {
        String name = String.valueOf(path.getFileName());
        Matcher closed = CLOSED.matcher(name);
        if (closed.matches()) {
            return Optional.of(new SegmentFile(path, Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2))));
        }
        Matcher open = OPEN.matcher(name);
        return open.matches()
                ? Optional.of(new SegmentFile(path, Long.parseLong(open.group(1)), -1))
                : Optional.empty();
    }

    public boolean isOpen() {
        return last < 0;
    }

    /** Reads the whole file and checks every entry. */
    public Content read() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            // Mapped, not read: a file may be larger than a small heap wants to hold at once.
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            return read(bytes);
        }
    }

    /**
     * Shows all entries in their order, once the whole file was checked.
     *
     * @return false when the visitor has seen enough
     * @throws IOException that names the place, when the file is damaged
     */
    public boolean visit(EntryVisitor visitor) throws IOException {
        Content content = read();
        Damage damage = content.damage();
        if (damage != null) {
            throw new IOException(path + " is damaged: at offset " + damage.offset() + " there is " + damage.what());
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            for (Entry entry : content.entries()) {
                if (!visitor.entry(entry.term(), entry.index(), command(file, entry))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static @Nullable ByteString command(FileChannel file, Entry entry) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) (entry.end() - CRC_BYTES - entry.offset()));
        while (bytes.hasRemaining()) {
            readSome(file, bytes, entry.offset() + bytes.position());
        }
        CodedInputStream in = CodedInputStream.newInstance(bytes.flip());
        in.pushLimit(entryLength(in));
        readHeader(in);
        for (int tag = in.getLastTag(); tag != 0; tag = in.readTag()) {
            if (tag == STATE_MACHINE_ENTRY_TAG) {
                in.pushLimit(in.readRawVarint32());
                return logData(in);
            }
            in.skipField(tag);
        }
        return null;
    }

    private static @Nullable ByteString logData(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == LOG_DATA_TAG) {
                return in.readBytes();
            }
            in.skipField(tag);
        }
        return ByteString.EMPTY;
    }

    private Content read(ByteBuffer bytes) {
        int magic = matchingMagic(bytes);
        if (magic < MAGIC.length) {
            boolean empty = isZero(bytes, magic);
            Damage damage =
                    empty ? null : new Damage(0, "not the header of a log file", nextEntry(bytes, 0, first - 1));
            return new Content(List.of(), 0, damage);
        }
        List<Entry> entries = new ArrayList<>();
        int at = MAGIC.length;
        long expected = first;
        while (at < bytes.limit() && bytes.get(at) != 0) {
            Entry entry = entryAt(bytes, at, 0, Long.MAX_VALUE);
            if (entry == null || entry.index() != expected) {
                String what = entry == null
                        ? "an entry that does not match its checksum or is cut off"
                        : "entry " + entry.index() + " where " + expected + " must be";
                return new Content(entries, at, new Damage(at, what, nextEntry(bytes, at, expected - 1)));
            }
            entries.add(entry);
            at = (int) entry.end();
            expected++;
        }
        if (isZero(bytes, at)) {
            return new Content(entries, at, null);
        }
        Damage damage = new Damage(at, "bytes behind the end of the log", nextEntry(bytes, at, expected - 1));
        return new Content(entries, at, damage);
    }

    private static int matchingMagic(ByteBuffer bytes) {
        int at = 0;
        while (at < MAGIC.length && at < bytes.limit() && bytes.get(at) == MAGIC[at]) {
            at++;
        }
        return at;
    }

    /**
     * Reads the length that an entry begins with.
     *
     * @param in at the place where an entry begins or the log ends
     * @return the bytes from behind the length to the checksum; 0 where the log ends
     */
    static int entryLength(CodedInputStream in) throws IOException {
        int length = in.isAtEnd() ? 0 : in.readRawVarint32();
        if (length < 0 || length > ENTRY_BYTES_MAX) {
            throw new InvalidProtocolBufferException("no entry is " + Integer.toUnsignedString(length) + " bytes long");
        }
        return length;
    }

    /**
     * How many bytes an entry takes in the file.
     *
     * @param lengthBytes what its length takes
     */
    static int entryBytes(int lengthBytes, int length) {
        return lengthBytes + length + CRC_BYTES;
    }

    /**
     * Reads an entry behind its length, and its checksum, which is not compared. The bodies of its command, if it has
     * one, are shown to the visitor and skipped.
     *
     * @return the entry's index
     */
    static long readEntry(CodedInputStream in, int length, CommandCodec.BodyVisitor visitor) throws IOException {
        int outer = in.pushLimit(length);
        long index = readHeader(in).index();
        for (int tag = in.getLastTag(); tag != 0; tag = in.readTag()) {
            if (tag == STATE_MACHINE_ENTRY_TAG) {
                readStateMachineEntry(in, visitor);
            } else {
                in.skipField(tag);
            }
        }
        in.popLimit(outer);
        in.skipRawBytes(CRC_BYTES);
        return index;
    }

    private static void readStateMachineEntry(CodedInputStream in, CommandCodec.BodyVisitor visitor)
            throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == LOG_DATA_TAG) {
                int end = in.pushLimit(in.readRawVarint32());
                CommandCodec.bodies(in, visitor);
                in.popLimit(end);
            } else {
                in.skipField(tag);
            }
        }
        in.popLimit(outer);
    }

    /** Reads the fields that every entry begins with, and the tag behind them. */
    private static Header readHeader(CodedInputStream in) throws IOException {
        long term = 0;
        long index = 0;
        for (int tag = in.readTag(); tag == TERM_TAG || tag == INDEX_TAG; tag = in.readTag()) {
            if (tag == TERM_TAG) {
                term = in.readUInt64();
            } else {
                index = in.readUInt64();
            }
        }
        return new Header(term, index);
    }

    /**
     * Reads an entry through and compares its checksum.
     *
     * @param from offset of its length
     * @param end offset behind its checksum
     */
    static boolean matchesChecksum(FileChannel file, long from, long end) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer part = ByteBuffer.allocate((int) Math.min(PART_BYTES, end - from));
        long at = from;
        while (at < end - CRC_BYTES) {
            part.clear().limit((int) Math.min(part.capacity(), end - CRC_BYTES - at));
            at += readSome(file, part, at);
            crc.update(part.flip());
        }
        part.clear().limit(CRC_BYTES);
        while (part.hasRemaining()) {
            at += readSome(file, part, at);
        }
        return part.getInt(0) == (int) crc.getValue();
    }

    private static int readSome(FileChannel file, ByteBuffer into, long at) throws IOException {
        int read = file.read(into, at);
        if (read < 0) {
            throw new EOFException("it ends at offset " + at);
        }
        return read;
    }

    /** The index of the entry that is whole in memory, its length first. */
    static long indexAt(ByteBuffer bytes, int at) throws IOException {
        int looked = Math.min(HEADER_BYTES_MAX, bytes.limit() - at);
        CodedInputStream in = CodedInputStream.newInstance(bytes.slice(at, looked));
        int length = in.readRawVarint32();
        in.pushLimit(Math.min(length, looked - in.getTotalBytesRead()));
        return readHeader(in).index();
    }

    private static boolean isZero(ByteBuffer bytes, int from) {
        for (int at = from; at < bytes.limit(); at++) {
            if (bytes.get(at) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The offset of a whole entry with an index above the given one, at or behind an offset; -1 when there is none. */
    private static long nextEntry(ByteBuffer bytes, int from, long above) {
        for (int at = from; at < bytes.limit(); at++) {
            if (bytes.get(at) != 0 && entryAt(bytes, at, above + 1, above + INDEX_REACH) != null) {
                return at;
            }
        }
        return -1;
    }

    private static @Nullable Entry entryAt(ByteBuffer bytes, int at, long indexMin, long indexMax) {
        int length = 0;
        int body = at;
        for (int shift = 0; ; shift += 7) {
            if (body >= bytes.limit() || shift > 28) {
                return null;
            }
            byte next = bytes.get(body++);
            length |= (next & 0x7f) << shift;
            if (next >= 0) {
                break;
            }
        }
        if (length <= 0 || length > ENTRY_BYTES_MAX || (long) body + length + CRC_BYTES > bytes.limit()) {
            return null;
        }
        int crcAt = body + length;
        // The cheap checks first: while searching, nearly every offset fails here.
        int tag = bytes.get(body);
        if (tag != TERM_TAG && tag != INDEX_TAG) {
            return null;
        }
        Entry entry = parse(bytes.slice(body, length), at, crcAt + CRC_BYTES);
        if (entry == null || entry.index() < indexMin || entry.index() > indexMax) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(at, crcAt - at));
        return (int) crc.getValue() == bytes.getInt(crcAt) ? entry : null;
    }

    private static @Nullable Entry parse(ByteBuffer entry, long offset, long end) {
        try {
            Header header = readHeader(CodedInputStream.newInstance(entry));
            return new Entry(header.term(), header.index(), offset, end);
        } catch (IOException e) {
            // No entry begins here.
            return null;
        }
    }
}
