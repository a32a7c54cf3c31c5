package io.eckermann.statemachine.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps two processes from using one directory. The system gives it back when the process dies. */
public final class DirectoryLock implements AutoCloseable {
    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock without waiting.
     *
     * @throws IOException for the operator, when another process has it or the directory cannot be written
     */
    public static DirectoryLock take(Path directory) throws IOException {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new IOException(
                    "The directory " + directory + " cannot be made (" + e.getMessage()
                            + "): check that its parent is a directory that this user may write.",
                    e);
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException(
                    "The directory " + directory + " cannot be written (" + e.getMessage()
                            + "): check its owner and permissions.",
                    e);
        }
        if (tryLock(channel) == null) {
            channel.close();
            throw new IOException("The directory " + directory
                    + " is used by another process: stop that one first, or give this node a directory of its own.");
        }
        return new DirectoryLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by this very process.
            return null;
        }
    }
}
