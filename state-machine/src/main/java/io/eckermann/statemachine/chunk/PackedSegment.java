package io.eckermann.statemachine.chunk;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.storage.DamagedFileException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A kept segment that was written anew without what is dead in it: one file, {@code FIRST-LAST.packed}, with a record for
 * each piece of a body that is live, in the order of their addresses, and at its end a table that says where they are. It
 * may hold no piece at all: then it only says that of these entries nothing is left. Numbers are big-endian.
 */
final class PackedSegment {
    private static final FileVersion VERSION = new FileVersion("EckPack", '1');
    private static final byte[] MAGIC = VERSION.bytes();
    private static final int FIRST_AT = MAGIC.length;
    private static final int LAST_AT = FIRST_AT + Long.BYTES;
    private static final int RECORDS_AT = LAST_AT + Long.BYTES;

    /** A record before its bytes: Raft index, ordinal, offset, length, CRC-32C over these and the bytes. */
    private static final int LENGTH_AT = Long.BYTES + 2 * Integer.BYTES;

    private static final int CRC_AT = LENGTH_AT + Integer.BYTES;
    private static final int HEAD_BYTES = CRC_AT + Integer.BYTES;

    /** Behind the table: where it begins, how many rows it has, CRC-32C over the file's head, the table and these. */
    private static final int END_BYTES = Long.BYTES + 2 * Integer.BYTES;

    private PackedSegment() {}

    /** Writes a file piece after piece. On one thread; a file that was not {@link #finish}ed is worthless. */
    static final class Writer implements AutoCloseable {
        private final KeptSegment segment;
        private final FileChannel file;
        private final PieceOffsets offsets;
        private long at;

        Writer(Path path, KeptSegment segment) throws IOException {
            this.segment = segment;
            file = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            offsets = new PieceOffsets(segment.first());
            write(head(segment));
        }

        /** Adds the next piece; the order of calls is that of the addresses. */
        void add(ChunkAddress address, ByteString bytes) throws IOException {
            ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES)
                    .putLong(address.raftIndex())
                    .putInt(address.ordinal())
                    .putInt(address.offset())
                    .putInt(address.length());
            CRC32C crc = new CRC32C();
            crc.update(head.slice(0, CRC_AT));
            for (ByteBuffer part : bytes.asReadOnlyByteBufferList()) {
                crc.update(part);
            }
            head.putInt((int) crc.getValue());
            offsets.add(address, at + HEAD_BYTES);
            write(head.flip());
            for (ByteBuffer part : bytes.asReadOnlyByteBufferList()) {
                write(part);
            }
        }

        /** Ends the file, which is on the disk then; returns how long it is. */
        long finish() throws IOException {
            ByteBuffer table = ByteBuffer.wrap(offsets.bytes());
            ByteBuffer end = ByteBuffer.allocate(END_BYTES).putLong(at).putInt(offsets.size());
            end.putInt(crc(head(segment), table, end));
            write(table);
            write(end.flip());
            file.force(true);
            return at;
        }

        private void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                at += file.write(bytes, at);
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private static ByteBuffer head(KeptSegment segment) {
        return ByteBuffer.allocate(RECORDS_AT)
                .put(MAGIC)
                .putLong(segment.first())
                .putLong(segment.last())
                .flip();
    }

    private static int crc(ByteBuffer head, ByteBuffer table, ByteBuffer end) {
        CRC32C crc = new CRC32C();
        crc.update(head.duplicate());
        crc.update(table.duplicate());
        crc.update(end.slice(0, END_BYTES - Integer.BYTES));
        return (int) crc.getValue();
    }

    /**
     * Looks at a file's head and end.
     *
     * @throws IOException that names the file, when it is cut off or another one
     */
    static KeptSegment describedBy(Path path) throws IOException {
        KeptSegment name =
                KeptSegment.named(path).orElseThrow(() -> new IOException(path + " is not named like a segment"));
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            table(path, file, name);
            return new KeptSegment(name.first(), name.last(), file.size(), true);
        }
    }

    /**
     * Whether a packed segment has taken the place of the one that a side file is of; what a crash left of that is deleted.
     */
    static boolean replaced(Path directory, Path side) throws IOException {
        KeptSegment name = KeptSegment.named(side).orElseThrow();
        if (!Files.exists(directory.resolve(name.asPacked().dataName()))) {
            return false;
        }
        // The side file first: a log's file alone is no segment.
        Files.deleteIfExists(side);
        Files.deleteIfExists(directory.resolve(new KeptSegment(name.first(), name.last(), 0).dataName()));
        return true;
    }

    /** Where the table is; the file is as long as it says. */
    private static long table(Path path, FileChannel file, KeptSegment segment) throws IOException {
        long size = file.size();
        ByteBuffer head = read(path, file, 0, (int) Math.min(size, RECORDS_AT));
        VERSION.require(path, head);
        if (size < RECORDS_AT + END_BYTES || !head.equals(head(segment))) {
            throw damaged(path, "its head is not that of a packed segment, or of another one");
        }
        ByteBuffer end = read(path, file, size - END_BYTES, END_BYTES);
        long tableAt = end.getLong(0);
        if (tableAt < RECORDS_AT
                || end.getInt(Long.BYTES) < 0
                || tableAt + (long) end.getInt(Long.BYTES) * PieceOffsets.ROW_BYTES != size - END_BYTES) {
            throw damaged(path, "it is cut off");
        }
        return tableAt;
    }

    /** Reads the table and compares it with its checksum. */
    static PieceOffsets offsets(Path path, KeptSegment segment) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            return offsets(path, file, segment);
        }
    }

    /** The same of a file that is open. */
    static PieceOffsets offsets(Path path, FileChannel file, KeptSegment segment) throws IOException {
        long tableAt = table(path, file, segment);
        ByteBuffer end = read(path, file, file.size() - END_BYTES, END_BYTES);
        ByteBuffer table = read(path, file, tableAt, (int) (file.size() - END_BYTES - tableAt));
        if (crc(head(segment), table, end) != end.getInt(END_BYTES - Integer.BYTES)) {
            throw damaged(path, "its table does not match its checksum");
        }
        return PieceOffsets.of(segment.first(), table);
    }

    /** Reads a file through and compares everything with its checksums. */
    static void verify(Path path, KeptSegment segment) throws IOException {
        PieceOffsets offsets = offsets(path, segment);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long end = table(path, file, segment);
            long at = RECORDS_AT;
            while (at < end) {
                ByteBuffer head = read(path, file, at, HEAD_BYTES);
                int length = head.getInt(LENGTH_AT);
                if (length < 0 || at + HEAD_BYTES + length > end) {
                    throw damaged(path, "the record at offset " + at + " is cut off");
                }
                CRC32C crc = new CRC32C();
                crc.update(head.slice(0, CRC_AT));
                crc.update(read(path, file, at + HEAD_BYTES, length));
                ChunkAddress address = new ChunkAddress(
                        head.getLong(0), head.getInt(Long.BYTES), head.getInt(Long.BYTES + Integer.BYTES), length);
                if ((int) crc.getValue() != head.getInt(CRC_AT) || offsets.position(address) != at + HEAD_BYTES) {
                    throw damaged(path, "the record at offset " + at + " does not match its checksum");
                }
                at += HEAD_BYTES + length;
            }
        }
    }

    private static ByteBuffer read(Path path, FileChannel file, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, at + bytes.position()) < 0) {
                throw new EOFException(path + " (it ends before offset " + (at + length) + ")");
            }
        }
        return bytes.flip();
    }

    private static IOException damaged(Path path, String what) {
        return DamagedFileException.ofKeptLog("The kept segment " + path + " is damaged (" + what + ")");
    }
}
