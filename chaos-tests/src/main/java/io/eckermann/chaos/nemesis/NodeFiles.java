package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Which files of a node: what it works with, and not what it has set aside. docs/formats.md says what they are. */
enum NodeFiles {
    LOG("raft/.*/log_[^/]*", true),
    LOG_TAIL("raft/.*/log_inprogress_[^/]*", true),
    META("raft/.*/raft-meta", true),
    TABLE("state/db/.*\\.sst", false),
    MANIFEST("state/db/MANIFEST-.*", true),
    SEGMENT("state/kept/.*\\.(segment|packed)", false),
    BODIES("state/kept/.*\\.bodies", false),
    /** But for what it shares with the index and with the kept segments. */
    SNAPSHOT("state/snapshots/.*(?<!\\.(sst|segment|packed|bodies))", false);

    private static final int TRIES = 20;

    private final String pattern;
    private final boolean written;

    NodeFiles(String pattern, boolean written) {
        this.pattern = pattern;
        this.written = written;
    }

    /** As in names of faults. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether a node that runs writes to them. */
    boolean areWritten() {
        return written;
    }

    /** Those that a node has and that are not empty; it may run. */
    List<Path> of(Server server) throws IOException {
        return in(server.data());
    }

    /** The same of a node's directory. */
    List<Path> in(Path data) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                return found(data);
            } catch (UncheckedIOException e) {
                // A directory went away that had just been found.
                if (tries == TRIES) {
                    throw e.getCause();
                }
            }
        }
    }

    private List<Path> found(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .filter(path -> data.relativize(path).toString().matches(pattern))
                    .filter(path -> path.toFile().length() > 0)
                    .sorted()
                    .toList();
        }
    }
}
