package io.eckermann.statemachine.storage;

import java.io.IOException;
import java.nio.file.Path;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/** A file with rows of the index, which never changes. A store must have been opened by this process before. */
public final class IndexFile {
    private static final String ENDING = ".sst";

    private IndexFile() {}

    /** By its name. */
    public static boolean is(Path file) {
        return file.toString().endsWith(ENDING);
    }

    /**
     * Reads it through and compares all of it with its checksums. Any thread.
     *
     * @throws IOException that names the file, when it does not match them
     */
    public static void verify(Path file) throws IOException {
        try (Options options = new Options();
                SstFileReader reader = new SstFileReader(options)) {
            reader.open(file.toString());
            reader.verifyChecksum();
        } catch (RocksDBException e) {
            throw new IOException("The index's file " + file + " is damaged (" + e.getMessage() + ").", e);
        }
    }
}
