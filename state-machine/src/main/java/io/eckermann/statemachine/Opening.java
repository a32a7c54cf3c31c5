package io.eckermann.statemachine;

import io.eckermann.statemachine.chunk.FileLinks;
import io.eckermann.statemachine.chunk.KeptSegments;
import io.eckermann.statemachine.chunk.SegmentList;
import io.eckermann.statemachine.storage.DirectoryLock;
import io.eckermann.statemachine.storage.Store;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a state on the disk consists of, opened.
 *
 * @param lock held until the state is closed
 * @param applied the entry that the store is at
 * @param installed the snapshot that it began with
 */
record Opening(
        Path directory,
        StateMemory memory,
        DirectoryLock lock,
        Installation installation,
        SnapshotShelf shelf,
        KeptSegments kept,
        Store store,
        RaftIndex applied,
        RaftIndex installed) {
    /** Opens what is below a directory, or begins it; nothing stays open when that fails. */
    static Opening of(Path directory, StateMemory memory) throws IOException {
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            Path snapshots = directory.resolve("snapshots");
            KeptSegments kept = KeptSegments.open(directory.resolve("kept"), FileLinks.HARD);
            Installation installation = new Installation(directory, memory.index());
            Store store = installation.resume(snapshots);
            try {
                SnapshotShelf shelf = SnapshotShelf.open(snapshots);
                RaftIndex applied = store.applied();
                shelf.refuseNewerThan(applied);
                Snapshot newest = shelf.latest();
                if (newest != null) {
                    SegmentList.complete(newest.directory(), newest.at().index(), kept);
                    installation.requireWhole(newest);
                }
                return new Opening(
                        directory, memory, lock, installation, shelf, kept, store, applied, store.installed());
            } catch (IOException | RuntimeException e) {
                store.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }
}
