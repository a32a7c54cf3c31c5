package io.eckermann.bench.machine;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where systems under measurement keep their data. Made if it is not there, and then removed again; used by one thread. */
public final class WorkDirectory implements AutoCloseable {
    private final Path path;
    private final boolean isNew;

    private WorkDirectory(Path path, boolean isNew) {
        this.path = path;
        this.isNew = isNew;
    }

    /** Makes the directory, with those above it, where they are not there. */
    public static WorkDirectory open(Path path) throws IOException {
        boolean isNew = Files.notExists(path);
        Files.createDirectories(path);
        return new WorkDirectory(path, isNew);
    }

    public Path path() {
        return path;
    }

    /**
     * Removes what fills the page cache, and the directory if it was made here. What others keep in it stays, and with it
     * the directory: that is said, and is no reason for a measurement to fail, or to hide why it did.
     */
    @Override
    public void close() throws IOException {
        PageCache.release(path);
        if (!isNew) {
            return;
        }
        try {
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException e) {
            System.err.println(path + " is not empty, so it stays.");
        }
    }
}
