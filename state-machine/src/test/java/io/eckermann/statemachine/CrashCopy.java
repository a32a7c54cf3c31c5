package io.eckermann.statemachine;

import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a crash at this moment would leave of a directory in use. RocksDB goes by its manifest and tidies up behind its
 * writers' backs, so a copy counts only when no file came or went while it was made.
 */
final class CrashCopy {
    private CrashCopy() {}

    /** Copies everything; what was at {@code to} is gone. */
    static Path make(Path from, Path to) throws IOException {
        while (true) {
            DurableFiles.delete(to);
            List<Path> before = below(from);
            if (copied(before, from, to) && below(from).equals(before)) {
                return to;
            }
        }
    }

    private static boolean copied(List<Path> files, Path from, Path to) throws IOException {
        try {
            for (Path each : files) {
                Files.copy(each, to.resolve(from.relativize(each)));
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static List<Path> below(Path directory) throws IOException {
        while (true) {
            try (Stream<Path> all = Files.walk(directory)) {
                return all.sorted().toList();
            } catch (UncheckedIOException e) {
                // A file went while it was listed: once more.
            }
        }
    }
}
