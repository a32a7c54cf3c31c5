package org.apache.ratis.server.raftlog.segmented;

import io.eckermann.raftlog.segment.FlushMark;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.apache.ratis.util.function.CheckedBiFunction;
import org.apache.ratis.util.function.CheckedConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The file of an open segment of the Raft log, with a buffer before it. It stands in for the class of the same name in
 * Ratis 3.3.0, which fills the file with zeros ahead of every entry. Ahead of small entries that is well done: their
 * fdatasync needs not wait for a new length of the file. Ahead of large ones as many zeros as bytes are written, and with
 * several entries in the buffer more than that, some of which even reach the device: here there are none. And it notes in
 * the log's {@link FlushMark}, if there is one, what the device has.
 *
 * <p>Used by the log's worker alone; not safe for more threads.
 */
class BufferedWriteChannel implements Closeable {
    /** With this much to write at once, making the file longer costs little beside it. */
    static final int LARGE_BYTES = 64 << 10;

    private final FileChannel channel;
    private final ByteBuffer buffer;
    private final String name;
    private final @Nullable FlushMark mark;
    private boolean forced = true;

    private BufferedWriteChannel(String name, @Nullable FlushMark mark, FileChannel channel, ByteBuffer buffer) {
        this.name = name;
        this.mark = mark;
        this.channel = channel;
        this.buffer = buffer;
    }

    /** Opens the file, which is made if it does not exist, and goes on at its end or, without {@code append}, empties it. */
    static BufferedWriteChannel open(File file, boolean append, ByteBuffer buffer) throws IOException {
        FileChannel channel = FileChannel.open(
                file.toPath(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (append) {
                channel.position(channel.size());
            } else {
                channel.truncate(0);
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        FlushMark mark = FlushMark.of(file.getAbsoluteFile().getParentFile().toPath());
        return new BufferedWriteChannel(file.getName(), mark, channel, buffer);
    }

    /** Has {@code write} put an entry of {@code sizeBytes} into the buffer, which is written out first if it does not fit. */
    void writeToBuffer(int sizeBytes, CheckedConsumer<ByteBuffer, IOException> write) throws IOException {
        if (sizeBytes > buffer.capacity()) {
            throw new IOException(name + ": " + sizeBytes + " bytes do not fit a buffer of " + buffer.capacity());
        }
        if (sizeBytes > buffer.remaining()) {
            writeOut();
        }
        int before = buffer.position();
        write.accept(buffer);
        int written = buffer.position() - before;
        if (written != sizeBytes) {
            throw new IllegalStateException(name + ": " + written + " bytes were written instead of " + sizeBytes);
        }
        if (mark != null) {
            mark.written(buffer, before);
        }
    }

    /** Writes past the buffer, which must be empty, into the file. */
    void writeToChannel(ByteBuffer bytes) throws IOException {
        if (buffer.position() != 0) {
            throw new IllegalStateException(name + ": " + buffer.position() + " bytes wait in the buffer");
        }
        forced = false;
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Has {@code preallocate} make the file longer, if the next {@code sizeBytes} are few and reach beyond its end. */
    void preallocateIfNecessary(long sizeBytes, CheckedBiFunction<FileChannel, Long, Long, IOException> preallocate)
            throws IOException {
        long outstanding = buffer.position() + sizeBytes;
        if (outstanding < LARGE_BYTES && channel.position() + outstanding > channel.size()) {
            preallocate.apply(channel, outstanding);
        }
    }

    /** Writes out what is buffered, and returns when the device has it. */
    void flush() throws IOException {
        writeOut();
        if (!forced) {
            channel.force(false);
            forced = true;
            if (mark != null) {
                mark.flushed();
            }
        }
    }

    /** Not offered: an entry would be acknowledged that a power failure could still take back. */
    CompletableFuture<Void> asyncFlush(ExecutorService executor) {
        throw new UnsupportedOperationException(
                "The log is flushed before it answers: leave async-flush and" + " unsafe-flush of Ratis switched off");
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Cuts off what was made longer ahead of entries that never came. What is in the buffer is lost unless flushed. */
    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        try (channel) {
            channel.truncate(channel.position());
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private void writeOut() throws IOException {
        if (buffer.position() == 0) {
            return;
        }
        forced = false;
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
