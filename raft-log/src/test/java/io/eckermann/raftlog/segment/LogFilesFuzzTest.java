package io.eckermann.raftlog.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.io.TempDir;

/**
 * Segments of a log, of any bytes: repaired once, or refused; a node never starts on what it can't read. The mark beside them
 * says something, or nothing.
 */
class LogFilesFuzzTest {
    private static final int SECTOR_BYTES = 512;
    /** Of a mark: an index and how often it was written. */
    private static final int MARKED_BYTES = 2 * Long.BYTES;

    @TempDir
    Path directory;

    @FuzzTest
    void anOpenSegmentIsRepairedForGoodOrRefused(byte[] data) throws IOException {
        Files.write(emptied().resolve("log_inprogress_0"), segment(data));
        try {
            long end = new LogCheck(directory, -1, -1, -1, -1).run();
            assertThat(new LogCheck(directory, -1, -1, -1, -1).run()).isEqualTo(end);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("log_inprogress_0");
        }
    }

    @FuzzTest
    void aClosedSegmentIsReadOrRefused(byte[] data) throws IOException {
        Files.write(emptied().resolve("log_0-3"), segment(data));
        try {
            long end = new LogCheck(directory, -1, -1, -1, -1).run();
            assertThat(directory.resolve("log_0-" + end)).exists();
            assertThat(new LogCheck(directory, -1, -1, -1, -1).run()).isEqualTo(end);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("log_");
        }
    }

    @FuzzTest
    void aMarkIsKnownAgainUntilAllIsCutOff(byte[] data) throws IOException {
        Files.write(emptied().resolve("flushed"), mark(data));
        long index = marked();
        assertThat(marked()).isEqualTo(index);
        try (FlushMark mark = FlushMark.open(directory.resolve("current"))) {
            mark.begin(index);
            mark.cut(0);
        }
        assertThat(marked()).isNegative();
    }

    private long marked() throws IOException {
        try (FlushMark mark = FlushMark.open(directory.resolve("current"))) {
            return mark.index();
        }
    }

    /** Two sectors, each with an index and a count from the bytes, and the checksum that nobody guesses when both are whole. */
    private static byte[] mark(byte[] data) {
        ByteBuffer file = ByteBuffer.allocate(2 * SECTOR_BYTES);
        for (int slot = 0; slot < 2; slot++) {
            int from = Math.min(data.length, slot * MARKED_BYTES);
            int bytes = Math.min(data.length - from, MARKED_BYTES);
            file.put(slot * SECTOR_BYTES, data, from, bytes);
            // No mark is written so often that its count overflows.
            file.put(slot * SECTOR_BYTES + Long.BYTES, (byte) 0);
            if (bytes == MARKED_BYTES) {
                CRC32C crc = new CRC32C();
                crc.update(file.array(), slot * SECTOR_BYTES, MARKED_BYTES);
                file.putInt(slot * SECTOR_BYTES + MARKED_BYTES, (int) crc.getValue());
            }
        }
        return file.array();
    }

    /** While it fuzzes, all inputs are tried in one directory. */
    private Path emptied() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        return directory;
    }

    /**
     * A file with a head, and entries as far as the bytes are some: each is a length of one byte and so many bytes, and gets
     * the checksum that nobody guesses; a length of 0 ends them, and the rest is as it comes.
     */
    private static byte[] segment(byte[] data) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
        int at = 0;
        while (at < data.length && data[at] > 0 && at + 1 + data[at] <= data.length) {
            int bytes = 1 + data[at];
            CRC32C crc = new CRC32C();
            crc.update(data, at, bytes);
            file.write(data, at, bytes);
            file.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                    .putInt((int) crc.getValue())
                    .array());
            at += bytes;
        }
        file.write(data, at, data.length - at);
        return file.toByteArray();
    }
}
