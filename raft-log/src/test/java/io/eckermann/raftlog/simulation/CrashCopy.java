package io.eckermann.raftlog.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a crash at this moment would leave of a directory in use. RocksDB tidies up behind its writers' backs, so a copy
 * counts only when no file came or went while it was made.
 */
final class CrashCopy {
    private CrashCopy() {}

    static void make(Path from, Path to) throws IOException {
        while (!isWhole(from, to)) {
            DirectoryTree.delete(to);
        }
    }

    private static boolean isWhole(Path from, Path to) throws IOException {
        try {
            List<Path> before = below(from);
            for (Path each : before) {
                Files.copy(each, to.resolve(from.relativize(each)));
            }
            return below(from).equals(before);
        } catch (NoSuchFileException | UncheckedIOException e) {
            return false;
        }
    }

    private static List<Path> below(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.sorted().toList();
        }
    }
}
