package io.eckermann.gateway.peers;

import io.eckermann.statemachine.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
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

    private PinnedSnapshot(Snapshot snapshot, Path directory) {
        this.snapshot = snapshot;
        this.directory = directory;
    }

    /**
     * Links the files of the newest snapshot; a newer one may replace it in the middle, then that is taken.
     *
     * @param directory does not exist yet; on the snapshots' filesystem
     * @return null when there is no snapshot
     */
    public static @Nullable PinnedSnapshot of(Supplier<@Nullable Snapshot> latest, Path directory) throws IOException {
        while (true) {
            Snapshot snapshot = latest.get();
            if (snapshot == null) {
                return null;
            }
            Files.createDirectories(directory);
            try (Stream<Path> files = Files.list(snapshot.directory())) {
                for (Path file : files.toList()) {
                    Files.createLink(directory.resolve(file.getFileName()), file);
                }
                if (snapshot.equals(latest.get())) {
                    return new PinnedSnapshot(snapshot, directory);
                }
            } catch (NoSuchFileException e) {
                if (snapshot.equals(latest.get())) {
                    delete(directory);
                    throw e;
                }
            }
            delete(directory);
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
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<Path> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            all.addAll(files.toList());
            all.add(directory);
            for (Path path : all) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.warn("The directory {} could not be deleted; it is safe to do so by hand", directory, e);
        }
    }
}
