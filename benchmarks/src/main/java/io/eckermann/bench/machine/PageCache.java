package io.eckermann.bench.machine;

import static java.nio.channels.FileChannel.MapMode.READ_ONLY;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The kernel's cache of file contents. */
public final class PageCache {
    /** For the processes that are measured, and their load. */
    private static final long LEFT_FREE_BYTES = 5L << 30;

    private static final String ZEROS = "zeros";
    private static final long SLICE_BYTES = 16 << 20;

    private PageCache() {}

    /**
     * Fills free memory with the cached zeros of a sparse file, so that every system finds the memory of a machine that
     * has run for a while. Where the host gives a virtual machine its memory only when that is first touched, writing a
     * file into such memory costs several times as much, and whoever wrote most before would be measured as the fastest.
     *
     * @param directory on a file system that keeps sparse files; the file stays until {@link #release}, so that the next
     *     call finds most of it
     */
    public static void fill(Path directory) throws IOException {
        long bytes = availableBytes() - LEFT_FREE_BYTES;
        if (bytes <= 0) {
            return;
        }
        Path zeros = directory.resolve(ZEROS);
        try (FileChannel file = FileChannel.open(zeros, CREATE, READ, WRITE)) {
            if (file.size() < bytes) {
                file.write(ByteBuffer.allocate(1), bytes - 1);
            }
            ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
            for (long slice = 0; slice < bytes; slice += SLICE_BYTES) {
                long end = Math.min(slice + SLICE_BYTES, bytes);
                // Asking costs much less than reading, and mostly the largest part is there still.
                if (!file.map(READ_ONLY, slice, end - slice).isLoaded()) {
                    for (long at = slice; at < end; at += buffer.capacity()) {
                        file.read(buffer.clear(), at);
                    }
                }
            }
        }
    }

    /** Removes the file. */
    public static void release(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(ZEROS));
    }

    private static long availableBytes() throws IOException {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
                }
            }
        } catch (NoSuchFileException e) {
            return 0;
        }
        return 0;
    }

    /**
     * Writes out what lies below a directory and takes it out of the cache; the rest of the memory stays as it is. Files
     * of other users stay in it.
     *
     * @return false when the command for it is not there
     */
    public static boolean drop(Path directory) throws InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("find", directory.toString(), "-type", "f", "-not", "-name", ZEROS));
        // Of no blocks, this only tells the kernel that the file's pages are not needed.
        command.addAll(List.of("-exec", "dd", "of={}", "oflag=nocache", "conv=notrunc,nocreat,fdatasync", "count=0"));
        command.addAll(List.of("status=none", "if=/dev/null", ";"));
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
