package io.eckermann.statemachine;

import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.chunk.SegmentList;
import io.eckermann.statemachine.storage.DamagedFileException;
import io.eckermann.statemachine.storage.DurableFiles;
import io.eckermann.statemachine.storage.IndexDamage;
import io.eckermann.statemachine.storage.IndexMemory;
import io.eckermann.statemachine.storage.SnapshotFiles;
import io.eckermann.statemachine.storage.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the state by a snapshot so that a crash leaves the old state or the new one. A snapshot is prepared, which
 * checks it, and named in a note. The note becomes binding once the snapshot is on the shelf: from there {@link #prepare}
 * and {@link #finish} can be repeated any number of times; before, {@link #resume} forgets it and the old state stays.
 */
final class Installation {
    private static final Logger LOG = LoggerFactory.getLogger(Installation.class);

    private final Path note;
    private final Path db;
    private final Path draft;
    private final IndexMemory memory;

    /** @param memory of every store that is opened */
    Installation(Path directory, IndexMemory memory) {
        note = directory.resolve("installing");
        db = directory.resolve("db");
        draft = directory.resolve("db.tmp");
        this.memory = memory;
    }

    /** Notes which snapshot will be installed. */
    void announce(Path snapshot) throws IOException {
        DurableFiles.write(note, snapshot.getFileName().toString());
    }

    /** Opens the store, after finishing or forgetting what a crash interrupted. */
    Store resume(Path shelf) throws IOException {
        DurableFiles.delete(draft);
        if (Files.exists(note)) {
            Path snapshot = shelf.resolve(Files.readString(note, StandardCharsets.UTF_8));
            if (Files.exists(snapshot)) {
                prepareAgain(snapshot);
                return finish();
            }
            DurableFiles.delete(note);
        }
        return open(db);
    }

    /** Only one whose log this version can read. */
    private Store open(Path directory) throws IOException {
        Store store = Store.open(directory, memory);
        try {
            AgreedFormat.requireKnown(store.latestReader());
            return store;
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Makes a store of a snapshot beside the old one, and checks that it opens. */
    void prepare(Path snapshot) throws IOException {
        RaftIndex at = SnapshotFiles.at(snapshot);
        DurableFiles.delete(draft);
        SnapshotFiles.unfold(snapshot, draft, SegmentList::isPart);
        DurableFiles.syncAll(draft);
        try (Store store = openDraft(snapshot, at)) {
            store.markInstalled(at);
        }
    }

    /** The log up to its end is gone, so that there is no other way on. */
    private void prepareAgain(Path snapshot) throws IOException {
        try {
            prepare(snapshot);
        } catch (IOException | StoreException | StorageFailure e) {
            if (isDamage(e)) {
                throw damaged(snapshot, e);
            }
            throw e;
        }
    }

    /**
     * Looks whether a snapshot on the shelf could be put in place, here or on a node that is sent it: it has all files of the
     * index, and these are of the entry that its label says. Does not read all rows.
     *
     * @throws DamagedFileException only when it could not; what else keeps this from looking is not said
     */
    void requireWhole(Snapshot snapshot) throws DamagedFileException {
        try {
            DurableFiles.delete(draft);
            SnapshotFiles.unfold(snapshot.directory(), draft, SegmentList::isPart);
            openDraft(snapshot.directory(), snapshot.at()).close();
            DurableFiles.delete(draft);
        } catch (IOException | StoreException e) {
            if (isDamage(e)) {
                throw damaged(snapshot.directory(), e);
            }
            LOG.warn("The snapshot in {} could not be looked at", snapshot.directory(), e);
        }
    }

    private Store openDraft(Path snapshot, RaftIndex at) throws IOException {
        Store store = open(draft);
        try {
            if (!store.applied().equals(at)) {
                throw new DamagedFileException(
                        DamagedFileException.SNAPSHOT,
                        "The snapshot in " + snapshot + " is not of the entry its label says.");
            }
            return store;
        } catch (IOException e) {
            store.close();
            throw e;
        }
    }

    private static boolean isDamage(Exception failure) {
        return IndexDamage.isCauseOf(failure)
                || !DamagedFileException.partIn(failure).isEmpty();
    }

    /** For the operator, of a snapshot that this node has. */
    static DamagedFileException damaged(Path snapshot, Exception e) {
        return new DamagedFileException(
                DamagedFileException.SNAPSHOT,
                "The snapshot in " + snapshot
                        + " is damaged: restore its files, or move the node's data away and let it be"
                        + " rebuilt from its peers. " + e.getMessage(),
                e);
    }

    /** Opens the prepared store in the old one's place; the old one is closed. */
    Store finish() throws IOException {
        DurableFiles.delete(db);
        DurableFiles.move(draft, db);
        Store store = open(db);
        try {
            DurableFiles.delete(note);
            return store;
        } catch (IOException e) {
            store.close();
            throw e;
        }
    }

    /** Leaves the old state as it is. The snapshot must not be on the shelf any more. */
    void abandon() throws IOException {
        DurableFiles.delete(note);
        DurableFiles.delete(draft);
    }
}
