package org.apache.ratis.server.raftlog.segmented;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an open segment's file holds. That Ratis's own classes read it, and it theirs, is in PureJavaCrc32CTest. */
class BufferedWriteChannelTest {
    private static final int SMALL = 1_000;
    private static final int LARGE = BufferedWriteChannel.LARGE_BYTES;
    private static final int AHEAD = 8_000;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("log_inprogress_0");
    }

    private BufferedWriteChannel open(boolean append) throws IOException {
        return BufferedWriteChannel.open(file.toFile(), append, ByteBuffer.allocateDirect(4 * LARGE));
    }

    private static void write(BufferedWriteChannel out, int sizeBytes) throws IOException {
        out.preallocateIfNecessary(sizeBytes, BufferedWriteChannelTest::zeros);
        out.writeToBuffer(sizeBytes, buffer -> {
            for (int i = 0; i < sizeBytes; i++) {
                buffer.put((byte) 1);
            }
        });
    }

    private static long zeros(FileChannel channel, long outstanding) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.max(AHEAD, outstanding));
        return channel.write(zeros, channel.size());
    }

    @Test
    void smallEntriesFindTheFileLongEnough() throws Exception {
        try (BufferedWriteChannel out = open(false)) {
            write(out, SMALL);
            out.flush();
            assertThat(file).hasSize(AHEAD);
            write(out, SMALL);
            out.flush();
            assertThat(file).hasSize(AHEAD);
        }
        assertThat(file).hasSize(2 * SMALL);
    }

    @Test
    void noZerosAreWrittenAheadOfLargeEntries() throws Exception {
        try (BufferedWriteChannel out = open(false)) {
            for (int i = 0; i < 3; i++) {
                write(out, LARGE);
            }
            out.flush();
            assertThat(file).hasSize(3 * LARGE);
        }
        assertThat(file).hasSize(3 * LARGE);
    }

    @Test
    void smallEntriesBehindALargeOneHaveZerosAheadAgain() throws Exception {
        try (BufferedWriteChannel out = open(false)) {
            write(out, LARGE);
            out.flush();
            write(out, SMALL);
            out.flush();
            assertThat(file).hasSize(LARGE + AHEAD);
        }
        assertThat(file).hasSize(LARGE + SMALL);
    }

    @Test
    void aSegmentIsContinuedAtItsEndOrBegunAnew() throws Exception {
        try (BufferedWriteChannel out = open(false)) {
            write(out, SMALL);
            out.flush();
        }
        try (BufferedWriteChannel out = open(true)) {
            write(out, SMALL);
            out.flush();
        }
        assertThat(Files.readAllBytes(file)).hasSize(2 * SMALL).containsOnly(1);
        open(false).close();
        assertThat(file).isEmptyFile();
    }

    @Test
    void entriesThatDoNotFitTheBufferAreRefused() throws Exception {
        try (BufferedWriteChannel out = open(false)) {
            assertThatThrownBy(() -> write(out, 5 * LARGE)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> out.writeToBuffer(2, buffer -> buffer.put((byte) 1)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whatIsNotDurableIsNotOffered() throws Exception {
        try (BufferedWriteChannel out = open(false)) {
            assertThatThrownBy(() -> out.asyncFlush(java.util.concurrent.ForkJoinPool.commonPool()))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }
}
