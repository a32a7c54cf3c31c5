package io.eckermann.statemachine.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/** A file with rows of the index, which never changes. */
public final class IndexFile {
    private static final String ENDING = ".sst";

    private IndexFile() {}

    /** By its name. */
    public static boolean is(Path file) {
        return file.toString().endsWith(ENDING);
    }

    /**
     * Whether there is an index in a directory, which may be missing.
     *
     * @throws DamagedFileException when there is one that lacks what names its files, for it would be taken for an empty one,
     *     or in which that is damaged
     */
    static boolean isIndex(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        String manifest = "CURRENT";
        try {
            manifest = Files.readString(directory.resolve(manifest), StandardCharsets.ISO_8859_1)
                    .strip();
            if (manifest.matches("MANIFEST-\\d+")) { // Else RocksDB says so.
                ManifestFile.check(directory.resolve(manifest));
            }
            return true;
        } catch (NoSuchFileException e) {
            if (manifest.equals("CURRENT")
                    && DurableFiles.list(directory).stream().noneMatch(IndexFile::is)) {
                return false;
            }
            throw new DamagedFileException(
                    DamagedFileException.INDEX,
                    "The index in " + directory + " cannot be opened, it lacks its file " + manifest
                            + ": restore the file, or move the node's data away and let it be rebuilt from its peers.",
                    e);
        }
    }

    /**
     * Reads all of an index that nobody has open, and compares it with its checksums.
     *
     * @param directory of the index; fine if it is not there
     * @throws IOException that names the first file that does not match them, or says what can't be read
     */
    public static void verifyAll(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        NativeLibrary.load(directory.resolveSibling("native"));
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(IndexFile::is).sorted().toList();
        }
        for (Path file : files) {
            verify(file);
        }
    }

    /**
     * Reads it through and compares all of it with its checksums. Any thread; a store must have been opened by this process
     * before.
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
