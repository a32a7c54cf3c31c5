package io.eckermann.statemachine.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;

/** RocksDB's machine code, unpacked from its jar. */
final class NativeLibrary {
    private NativeLibrary() {}

    /** Unpacks into a directory, and loads. */
    @FunctionalInterface
    interface Loader {
        void load(String directory) throws IOException;
    }

    /**
     * Loads it, once in a process. In a directory of ours its file is overwritten by the next start; in the system's
     * temporary directory each killed process would leave one behind.
     */
    static synchronized void load(Path directory) throws IOException {
        load(directory, NativeLibraryLoader.getInstance()::loadLibrary);
    }

    static void load(Path directory, Loader loader) throws IOException {
        Files.createDirectories(directory);
        try {
            loader.load(directory.toString());
        } catch (IOException | RuntimeException e) {
            // It says "File too large" or "No space left on device", and not where.
            throw new IOException(
                    "RocksDB's library could not be unpacked into " + directory + ": " + e.getMessage(), e);
        }
    }
}
