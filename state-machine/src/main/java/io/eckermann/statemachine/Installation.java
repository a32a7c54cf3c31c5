package io.eckermann.statemachine;

import io.eckermann.statemachine.storage.DurableFiles;
import io.eckermann.statemachine.storage.SnapshotFiles;
import io.eckermann.statemachine.storage.StorageSettings;
import io.eckermann.statemachine.storage.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Replaces the state by a snapshot so that a crash leaves the old state or the new one. A note names the snapshot
 * before anything is touched. It becomes binding once the snapshot is on the shelf: from there {@link #finish} can be
 * repeated any number of times; before, {@link #resume} forgets the note and the old state stays.
 */
final class Installation {
    private final Path note;
    private final Path db;
    private final Path draft;
    private final StorageSettings settings;

    Installation(Path directory, StorageSettings settings) {
        note = directory.resolve("installing");
        db = directory.resolve("db");
        draft = directory.resolve("db.tmp");
        this.settings = settings;
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
                return finish(snapshot);
            }
            DurableFiles.delete(note);
        }
        return Store.open(db, settings);
    }

    /** Opens a new store made of the announced snapshot, which is on the shelf; the old one is closed. */
    Store finish(Path snapshot) throws IOException {
        RaftIndex at = SnapshotFiles.at(snapshot);
        DurableFiles.delete(draft);
        SnapshotFiles.unfold(snapshot, draft);
        DurableFiles.delete(db);
        DurableFiles.move(draft, db);
        Store store = Store.open(db, settings);
        try {
            if (!store.applied().equals(at)) {
                throw new IOException("The snapshot in " + snapshot + " is not of the entry its label says.");
            }
            store.markInstalled(at);
            DurableFiles.delete(note);
            return store;
        } catch (IOException | StorageFailure e) {
            store.close();
            throw e;
        }
    }
}
