package io.eckermann.statemachine;

import io.eckermann.statemachine.storage.DurableFiles;
import io.eckermann.statemachine.storage.SnapshotFiles;
import io.eckermann.statemachine.storage.Store;
import java.io.IOException;

/** Makes snapshots beside the apply thread: only the writer behind it pauses, while links are made. One at a time. */
final class SnapshotMaker {
    private final LiveStore store;
    private final Backlog backlog;
    private final Bodies bodies;
    private final SnapshotShelf shelf;

    SnapshotMaker(LiveStore store, Backlog backlog, Bodies bodies, SnapshotShelf shelf) {
        this.store = store;
        this.backlog = backlog;
        this.bodies = bodies;
        this.shelf = shelf;
    }

    /** Makes what is visible durable and checkpoints it; returns the last entry of that. */
    RaftIndex checkpoint() throws IOException {
        // Most of the work is done before the writer has to pause.
        bodies.keep(backlog.visible().index());
        store.use(Store::flush);
        DurableFiles.delete(shelf.draft());
        RaftIndex at = backlog.pauseWriting(() -> store.use(open -> {
            open.flush();
            open.checkpoint(shelf.draft());
        }));
        bodies.keep(at.index());
        return at;
    }

    /** Puts the checkpoint on the shelf. */
    Snapshot publish(RaftIndex at) throws IOException {
        SnapshotFiles.finish(at, shelf.draft());
        bodies.kept().layOut(shelf.draft());
        return shelf.publish(shelf.draft(), at);
    }
}
