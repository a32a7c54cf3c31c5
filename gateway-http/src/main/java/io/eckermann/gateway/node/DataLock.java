package io.eckermann.gateway.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Held while a process uses a data directory; ends with the process at the latest.
 *
 * @param lock kept, because the JVM forgets a lock that nobody refers to, and would let its own process take it again
 */
record DataLock(FileChannel file, FileLock lock) implements AutoCloseable {
    static DataLock take(Path root) throws StartException {
        Path path = root.resolve("lock");
        try {
            FileChannel file = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
            FileLock lock = tryLock(file);
            if (lock == null) {
                String pid = Files.readString(path).strip();
                file.close();
                throw new StartException(
                        "The data directory " + root + " is in use by another process"
                                + (pid.isEmpty() ? "" : " (pid " + pid + ")")
                                + "; stop that one first, or name another directory with node.data-directory.",
                        null);
            }
            file.truncate(0);
            byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            file.write(ByteBuffer.wrap(pid), 0);
            return new DataLock(file, lock);
        } catch (IOException e) {
            throw new StartException("The data directory " + root + " can't be locked: " + e + ".", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    /** Where another failure is told. */
    void release() {
        try {
            close();
        } catch (IOException e) {
            // What made the start fail is told instead; the lock ends with the process.
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
