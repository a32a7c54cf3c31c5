package io.eckermann.chaos.flips;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What of a node's directory a bit is flipped in. docs/formats.md says what each is. */
enum FlipKind {
    LOG("raft/.*/log_\\d+-\\d+"),
    LOG_TAIL("raft/.*/log_inprogress_\\d+"),
    TABLE("state/db/.*\\.sst"),
    MANIFEST("state/db/MANIFEST-.*"),
    SEGMENT("state/kept/.*\\.(segment|packed)"),
    BODIES("state/kept/.*\\.bodies"),
    SNAPSHOT("state/snapshots/.*"),
    FLUSHED("raft/.*/flushed"),
    VOTE("raft/.*/raft-meta");

    private final String pattern;

    FlipKind(String pattern) {
        this.pattern = pattern;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Those of a directory that hold anything. */
    List<Path> of(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> data.relativize(file).toString().matches(pattern))
                    .filter(file -> file.toFile().length() > 0)
                    .sorted()
                    .toList();
        }
    }
}
