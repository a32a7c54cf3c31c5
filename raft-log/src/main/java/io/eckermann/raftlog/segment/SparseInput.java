package io.eckermann.raftlog.segment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A part of a file, of which what is skipped is not read. After a long jump it reads a small window; whoever goes on
 * from window to window gets ever larger ones. For one thread.
 */
final class SparseInput extends InputStream {
    static final int WINDOW_BYTES_MIN = 4 << 10;
    private static final int WINDOW_BYTES_MAX = 256 << 10;

    private final FileChannel file;
    private final long end;
    /** Offset of the next byte to hand out: in the window, or behind it. */
    private long at;

    private ByteBuffer window = ByteBuffer.allocate(0);
    private long windowAt;
    private long bytesRead;

    /**
     * @param from offset of the first byte
     * @param end offset behind the last byte
     */
    SparseInput(FileChannel file, long from, long end) {
        this.file = file;
        this.end = end;
        at = from;
        windowAt = from;
    }

    /** How much of the file was read. */
    long bytesRead() {
        return bytesRead;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (at >= windowAt + window.limit()) {
            moveWindow();
        }
        int behind = (int) (at - windowAt);
        int bytes = Math.min(length, window.limit() - behind);
        if (bytes <= 0) {
            return length == 0 ? 0 : -1;
        }
        window.get(behind, into, offset, bytes);
        at += bytes;
        return bytes;
    }

    private void moveWindow() throws IOException {
        boolean jumped = at - (windowAt + window.limit()) > WINDOW_BYTES_MIN;
        int wanted = jumped ? WINDOW_BYTES_MIN : Math.min(2 * window.limit(), WINDOW_BYTES_MAX);
        wanted = (int) Math.min(Math.max(wanted, WINDOW_BYTES_MIN), end - at);
        if (window.capacity() < wanted) {
            window = ByteBuffer.allocate(wanted);
        }
        window.clear().limit(wanted);
        int read;
        do {
            read = file.read(window, at + window.position());
        } while (read > 0);
        window.flip();
        windowAt = at;
        bytesRead += window.limit();
    }

    @Override
    public long skip(long bytes) {
        long skipped = Math.max(0, Math.min(bytes, end - at));
        at += skipped;
        return skipped;
    }
}
