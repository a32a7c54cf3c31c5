package io.eckermann.statemachine.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.io.TempDir;

/** Side files, packed segments and lists of them, of any bytes: read, or refused by an IOException that names the file. */
class SegmentFilesFuzzTest {
    private static final KeptSegment SEGMENT = new KeptSegment(3, 9, 40);
    private static final ChunkAddress ADDRESS = new ChunkAddress(5, 0, 0, 7);
    /** Ends of a packed file: where the table is, its rows, the checksum. */
    private static final int END_BYTES = 16;

    @TempDir
    Path directory;

    @FuzzTest
    void aSideFileIsReadOrRefused(byte[] data) throws IOException {
        Files.write(directory.resolve(SEGMENT.dataName()), new byte[(int) SEGMENT.bytes()]);
        Path side = directory.resolve(SEGMENT.sideName());
        Files.write(side, withChecksum(data, 0));
        try {
            KeptSegment described = KeptSegment.describedBy(side);
            assertThat(described.first()).isEqualTo(SEGMENT.first());
            assertThat(described.bytes()).isLessThanOrEqualTo(SEGMENT.bytes());
            BodyPlaces places = described.places(directory);
            assertThat(places.position(ADDRESS)).isGreaterThanOrEqualTo(-1);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining(SEGMENT.first() + "-" + SEGMENT.last());
        }
    }

    @FuzzTest
    void aPackedSegmentIsReadOrRefused(byte[] data) throws IOException {
        KeptSegment packed = SEGMENT.asPacked();
        Path file = directory.resolve(packed.dataName());
        Files.write(file, withTableChecksum(data));
        try {
            KeptSegment described = PackedSegment.describedBy(file);
            BodyPlaces places = described.places(directory);
            assertThat(places.position(ADDRESS)).isGreaterThanOrEqualTo(-1);
            PackedSegment.verify(file, described);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining(packed.dataName());
        }
    }

    @FuzzTest
    void aListOfSegmentsIsReadOrRefused(byte[] data) throws IOException {
        Files.write(directory.resolve("segments"), data);
        try {
            List<KeptSegment> segments = SegmentList.read(directory);
            assertThat(segments).allMatch(each -> each.first() >= 0 && each.last() >= 0);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining(directory.toString());
        }
    }

    /** Nobody guesses a checksum, and what is behind it is to be tried. */
    private static byte[] withChecksum(byte[] data, int from) {
        byte[] whole = data.clone();
        int end = whole.length - Integer.BYTES;
        if (end >= from) {
            CRC32C crc = new CRC32C();
            crc.update(whole, from, end - from);
            ByteBuffer.wrap(whole).putInt(end, (int) crc.getValue());
        }
        return whole;
    }

    private static byte[] withTableChecksum(byte[] data) {
        byte[] whole = data.clone();
        if (whole.length < 24 + END_BYTES) {
            return whole;
        }
        ByteBuffer bytes = ByteBuffer.wrap(whole);
        long tableAt = bytes.getLong(whole.length - END_BYTES);
        if (tableAt >= 24 && tableAt <= whole.length - END_BYTES) {
            CRC32C crc = new CRC32C();
            crc.update(whole, 0, 24);
            crc.update(whole, (int) tableAt, whole.length - Integer.BYTES - (int) tableAt);
            bytes.putInt(whole.length - Integer.BYTES, (int) crc.getValue());
        }
        return whole;
    }
}
