package io.eckermann.statemachine.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The file in which RocksDB keeps what its index consists of: records in blocks of 32 KiB, each with a checksum, a length and a kind
 * (see "MANIFEST" and "Write Ahead Log File Format" in RocksDB's wiki). RocksDB compares them, too, but with a bit of a record's
 * kind flipped it reads on for ever; so they are looked at before.
 */
final class ManifestFile {
    private static final int BLOCK_BYTES = 32 << 10;
    private static final int HEADER_BYTES = 7;
    private static final int LENGTH_AT = 4;
    private static final int KIND_AT = 6;
    /** Of a record that was laid out ahead and never written. */
    private static final int KIND_NONE = 0;
    /** Whole, first, middle and last part; others are of logs, or of later versions. */
    private static final int KIND_LAST = 4;

    private ManifestFile() {}

    /**
     * Compares all records with their checksums, up to one that the file ends within: RocksDB knows what to make of that.
     *
     * @throws DamagedFileException when one does not match its own
     */
    static void check(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (at + HEADER_BYTES <= bytes.limit()) {
            int blockEnd = (at / BLOCK_BYTES + 1) * BLOCK_BYTES;
            int end = at + HEADER_BYTES + Short.toUnsignedInt(bytes.getShort(at + LENGTH_AT));
            int kind = bytes.get(at + KIND_AT);
            if (at + HEADER_BYTES > blockEnd) {
                at = blockEnd;
            } else if (end > bytes.limit() && bytes.limit() <= blockEnd) {
                return;
            } else if (kind < KIND_NONE || kind > KIND_LAST || end > blockEnd || !matches(bytes, at, end, kind)) {
                throw new DamagedFileException(
                        DamagedFileException.INDEX,
                        "The index's file " + file + " is damaged, the record at byte " + at
                                + " does not match its checksum: restore the file, or move the node's data away and let it be"
                                + " rebuilt from its peers.");
            } else {
                at = end;
            }
        }
    }

    private static boolean matches(ByteBuffer bytes, int at, int end, int kind) {
        int stored = bytes.getInt(at);
        if (kind == KIND_NONE) {
            return stored == 0 && end == at + HEADER_BYTES;
        }
        CRC32C sum = new CRC32C();
        sum.update(bytes.slice(at + KIND_AT, end - at - KIND_AT));
        return stored == masked((int) sum.getValue());
    }

    /** As RocksDB stores checksums, so that one of bytes with a checksum in them is none of nothing. */
    private static int masked(int sum) {
        return Integer.rotateRight(sum, 15) + 0xa282ead8;
    }
}
