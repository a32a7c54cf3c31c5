package io.eckermann.raftlog.segment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The segments in a log's directory. */
final class SegmentFiles {
    private SegmentFiles() {}

    static List<Path> closed(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> SegmentFile.of(file)
                            .filter(found -> !found.isOpen())
                            .isPresent())
                    .sorted()
                    .toList();
        }
    }

    static Path open(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file ->
                            SegmentFile.of(file).filter(SegmentFile::isOpen).isPresent())
                    .findFirst()
                    .orElseThrow();
        }
    }
}
