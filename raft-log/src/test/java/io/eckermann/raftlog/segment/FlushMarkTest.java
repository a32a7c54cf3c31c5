package io.eckermann.raftlog.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlushMarkTest {
    @TempDir
    Path directory;

    @Test
    void whatWasFlushedIsKnownAgainAndWhatWasOnlyWrittenIsNot() throws IOException {
        Path log = directory.resolve("current");
        try (FlushMark mark = FlushMark.open(log)) {
            assertThat(mark.index()).isEqualTo(-1);
            assertThat(FlushMark.of(log)).isSameAs(mark);
            mark.begin(-1);
            write(mark, 0, 300);
            mark.flushed();
            write(mark, 301, 302);
        }
        assertThat(FlushMark.of(log)).isNull();
        assertThat(reopened()).isEqualTo(300);
    }

    @Test
    void cutIsKnownBeforeItHappensAndWhatIsStillToBeWrittenBeforeItDoesNotCount() throws IOException {
        try (FlushMark mark = FlushMark.open(directory.resolve("current"))) {
            mark.begin(-1);
            write(mark, 0, 8);
            mark.flushed();
            mark.cut(7);
            assertThat(reopened()).isEqualTo(6);
            // These two were on their way to the disk when the cut was ordered.
            write(mark, 9, 10);
            mark.flushed();
            assertThat(reopened()).isEqualTo(6);
            write(mark, 7, 9);
            mark.flushed();
            assertThat(reopened()).isEqualTo(9);
        }
    }

    @Test
    void cutThatIsOrderedBeforeTheLastOneWasDoneCountsToo() throws IOException {
        try (FlushMark mark = FlushMark.open(directory.resolve("current"))) {
            mark.begin(8);
            mark.cut(7);
            mark.cut(5);
            write(mark, 7, 9);
            mark.flushed();
            assertThat(reopened()).isEqualTo(4);
            write(mark, 5, 5);
            mark.flushed();
            assertThat(reopened()).isEqualTo(5);
        }
    }

    @Test
    void writeThatWasTornLeavesTheOneBefore() throws IOException {
        Path log = directory.resolve("current");
        try (FlushMark mark = FlushMark.open(log)) {
            mark.begin(-1);
            for (int i = 0; i <= 4; i++) {
                write(mark, i, i);
                mark.flushed();
            }
        }
        try (FileChannel file = FileChannel.open(directory.resolve("flushed"), StandardOpenOption.WRITE)) {
            // The fifth write is in the second place.
            file.write(ByteBuffer.allocate(9), 512);
        }
        assertThat(reopened()).isEqualTo(3);
        Files.write(directory.resolve("flushed"), new byte[40]);
        assertThat(reopened()).isEqualTo(-1);
    }

    /** What a process would find that starts now. */
    private long reopened() throws IOException {
        Path elsewhere = Files.createDirectories(directory.resolve("copy"));
        Files.deleteIfExists(elsewhere.resolve("flushed"));
        Files.copy(directory.resolve("flushed"), elsewhere.resolve("flushed"));
        try (FlushMark mark = FlushMark.open(elsewhere.resolve("current"))) {
            return mark.index();
        }
    }

    private static void write(FlushMark mark, long from, long to) throws IOException {
        for (long index = from; index <= to; index++) {
            mark.written(entry(index), 3);
        }
    }

    /** As it lies in a segment, behind three bytes of something else, with nothing but the header in it. */
    private static ByteBuffer entry(long index) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(64);
        bytes.put(new byte[] {1, 2, 3});
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        int size = CodedOutputStream.computeUInt64Size(1, 2)
                + (index == 0 ? 0 : CodedOutputStream.computeUInt64Size(2, index));
        out.writeUInt32NoTag(size);
        out.writeUInt64(1, 2);
        if (index != 0) {
            out.writeUInt64(2, index);
        }
        out.flush();
        // A checksum that would read as a field.
        bytes.position(bytes.position()).putInt(0x10010000);
        return bytes;
    }
}
