package io.eckermann.statemachine;

import io.eckermann.statemachine.storage.DamagedFileException;
import io.eckermann.statemachine.storage.DurableFiles;
import io.eckermann.statemachine.storage.SnapshotFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The finished snapshots on disk: the newest is kept. Safe from any thread. */
final class SnapshotShelf {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotShelf.class);
    private static final String DRAFT = "draft";
    private static final String DISCARDED = "discarded-";
    private static final Pattern FINISHED = Pattern.compile("\\d+_-?\\d+");

    private final Path directory;
    /** Guarded by this. */
    private @Nullable Snapshot latest;

    private SnapshotShelf(Path directory) {
        this.directory = directory;
    }

    /** Finds the newest snapshot and clears away what a crash left behind. */
    static SnapshotShelf open(Path directory) throws IOException {
        Files.createDirectories(directory);
        SnapshotShelf shelf = new SnapshotShelf(directory);
        for (Path each : DurableFiles.list(directory)) {
            if (!FINISHED.matcher(each.getFileName().toString()).matches()) {
                DurableFiles.delete(each);
                continue;
            }
            Snapshot found = new Snapshot(labelOf(each), each);
            Snapshot older = shelf.replaceLatest(found);
            if (older != null) {
                remove(older);
            }
        }
        return shelf;
    }

    private static RaftIndex labelOf(Path snapshot) throws IOException {
        try {
            return SnapshotFiles.at(snapshot);
        } catch (DamagedFileException e) {
            throw Installation.damaged(snapshot, e);
        }
    }

    /** Refuses to start beside an index that ends before the newest snapshot. */
    void refuseNewerThan(RaftIndex applied) throws IOException {
        Snapshot newest = latest();
        if (newest != null && newest.at().index() > applied.index()) {
            throw new DamagedFileException(
                    DamagedFileException.INDEX,
                    "The snapshot in " + newest.directory() + " is newer than the index in "
                            + directory.resolveSibling("db") + " (entry " + applied.index()
                            + "): the index has lost rows, or the directory was changed by hand;"
                            + " restore it, or move the node's data away and let it be rebuilt from its peers.");
        }
    }

    /** A place for a snapshot in the making; it does not exist yet. */
    Path draft() {
        return directory.resolve(DRAFT);
    }

    /** Where the snapshot of this entry is, or will be. */
    Path placeOf(RaftIndex at) {
        return directory.resolve(at.term() + "_" + at.index());
    }

    /** Puts a finished directory on the shelf; from then on it is the latest snapshot. */
    Snapshot publish(Path finished, RaftIndex at) throws IOException {
        Snapshot snapshot = new Snapshot(at, placeOf(at));
        DurableFiles.move(finished, snapshot.directory());
        adopt(snapshot);
        return snapshot;
    }

    /** Takes a snapshot that is on the shelf already as the latest. */
    void adopt(Snapshot snapshot) {
        Snapshot older = replaceLatest(snapshot);
        if (older != null) {
            remove(older);
        }
    }

    synchronized @Nullable Snapshot latest() {
        return latest;
    }

    /**
     * Gives the latest one's files second names. Held off while its segments are written anew, when it consists of other
     * files from one moment to the next.
     */
    @Nullable
    Snapshot linkLatest(Path target) throws IOException {
        Snapshot linked = latest();
        if (linked != null) {
            for (Path file : DurableFiles.list(linked.directory())) {
                Files.createLink(target.resolve(file.getFileName()), file);
            }
        }
        return linked;
    }

    /** The newer becomes the latest; returns the other one. */
    private synchronized @Nullable Snapshot replaceLatest(Snapshot snapshot) {
        Snapshot before = latest;
        if (before != null && before.at().index() > snapshot.at().index()) {
            return snapshot;
        }
        latest = snapshot;
        return snapshot.equals(before) ? null : before;
    }

    /** Takes a snapshot's directory away; nothing there is fine. */
    static void remove(Snapshot snapshot) {
        if (!Files.exists(snapshot.directory())) {
            return;
        }
        try {
            // Renamed first: what is half deleted must not look like a snapshot.
            Path discarded = snapshot.directory()
                    .resolveSibling(DISCARDED + snapshot.directory().getFileName());
            DurableFiles.move(snapshot.directory(), discarded);
            DurableFiles.delete(discarded);
        } catch (IOException e) {
            LOG.warn("An old snapshot could not be deleted, the next start tries again: {}", snapshot.directory(), e);
        }
    }
}
