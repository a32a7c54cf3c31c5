package io.eckermann.statemachine.storage;

import io.eckermann.statemachine.RaftIndex;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes a state that nobody has open the first one of another Raft group: as if it had been installed from a snapshot
 * of the group's first term. Rows that replicas share, and addresses of bodies, stay as they are; snapshots go, as they
 * name terms of the old group.
 */
public final class FirstState {
    /** Of the group's first leader. With term 0 Ratis would take the log for an empty one, and count no vote for it. */
    private static final long FIRST_TERM = 1;

    private FirstState() {}

    /**
     * Done once more it changes nothing.
     *
     * @param directory a state machine's, closed in an orderly way after a snapshot
     * @return the last entry that it contains, as the new group sees it
     */
    public static RaftIndex make(Path directory) throws IOException {
        try (DirectoryLock lock = DirectoryLock.take(directory);
                Store store = Store.open(directory.resolve("db"), StorageSettings.DEFAULTS)) {
            assert lock != null;
            DurableFiles.delete(directory.resolve("snapshots"));
            DurableFiles.delete(directory.resolve("incoming"));
            RaftIndex first = new RaftIndex(FIRST_TERM, store.applied().index());
            store.relabel(first);
            return first;
        }
    }
}
