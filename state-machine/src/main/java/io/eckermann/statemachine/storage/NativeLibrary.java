package io.eckermann.statemachine.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;

/** RocksDB's machine code, unpacked from its jar. */
final class NativeLibrary {
    private NativeLibrary() {}

    /**
     * Loads it, once in a process. In a directory of ours its file is overwritten by the next start; in the system's
     * temporary directory each killed process would leave one behind.
     */
    static synchronized void load(Path directory) throws IOException {
        Files.createDirectories(directory);
        NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
    }
}
