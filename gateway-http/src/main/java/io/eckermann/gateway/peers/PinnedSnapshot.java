package io.eckermann.gateway.peers;

import io.eckermann.statemachine.Snapshot;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot's files under second names, so that they stay while they are sent, whatever replaces the snapshot meanwhile.
 * Closing it lets them go. Used by one thread.
 */
public final class PinnedSnapshot implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PinnedSnapshot.class);

    private final Snapshot snapshot;
    private final Path directory;

    /** The newest snapshot of a state. */
    @FunctionalInterface
    public interface Latest {
        /** Gives its files second names in an empty directory; null when there is none. */
        @Nullable
        Snapshot link(Path directory) throws IOException;
    }

    private PinnedSnapshot(Snapshot snapshot, Path directory) {
        this.snapshot = snapshot;
        this.directory = directory;
    }

    /**
     * Pins the newest snapshot.
     *
     * @param directory does not exist yet; on the snapshots' filesystem
     * @return null when there is no snapshot
     */
    public static @Nullable PinnedSnapshot of(Latest latest, Path directory) throws IOException {
        Files.createDirectories(directory);
        Snapshot snapshot = null;
        try {
            snapshot = latest.link(directory);
            return snapshot == null ? null : new PinnedSnapshot(snapshot, directory);
        } finally {
            if (snapshot == null) {
                delete(directory);
            }
        }
    }

    /** Deletes what a former process left pinned below a directory. */
    public static void clear(Path pins) throws IOException {
        if (Files.isDirectory(pins)) {
            try (Stream<Path> left = Files.list(pins)) {
                left.toList().forEach(PinnedSnapshot::delete);
            }
        }
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    /** Where the files are. */
    public Path directory() {
        return directory;
    }

    @Override
    public void close() {
        delete(directory);
    }

    private static void delete(Path directory) {
        try {
            DurableFiles.delete(directory);
        } catch (IOException e) {
            LOG.warn("The directory {} could not be deleted; it is safe to do so by hand", directory, e);
        }
    }
}
