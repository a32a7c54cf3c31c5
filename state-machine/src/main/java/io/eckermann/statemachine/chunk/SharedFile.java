package io.eckermann.statemachine.chunk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An open file that many read at once: it is closed when its owner and the last reader have let it go, and it may be
 * renamed or deleted meanwhile. Safe from any thread.
 */
public final class SharedFile {
    private final Path path;
    private final FileChannel channel;
    /** The owner and who reads; guarded by this. */
    private int users = 1;

    private SharedFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Opens a file; whoever does so is its owner and calls {@link #release} once. */
    public static SharedFile open(Path path) throws IOException {
        return new SharedFile(path, FileChannel.open(path, StandardOpenOption.READ));
    }

    /** Where it was when it was opened. */
    public Path path() {
        return path;
    }

    public FileChannel channel() {
        return channel;
    }

    /** False when it is closed: an interrupted reader closes it for all. */
    public boolean isOpen() {
        return channel.isOpen();
    }

    /** Keeps it open until {@link #release}; false when it is too late. */
    public synchronized boolean acquire() {
        if (users == 0 || !channel.isOpen()) {
            return false;
        }
        users++;
        return true;
    }

    public synchronized void release() {
        users--;
        if (users == 0) {
            try {
                channel.close();
            } catch (IOException e) {
                // It was only read: nothing can be lost.
                return;
            }
        }
    }

    byte[] read(long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        ByteBuffer into = ByteBuffer.wrap(bytes);
        while (into.hasRemaining()) {
            if (channel.read(into, position + into.position()) < 0) {
                throw new EOFException("it ends before offset " + (position + length));
            }
        }
        return bytes;
    }
}
