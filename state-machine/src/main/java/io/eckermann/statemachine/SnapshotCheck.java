package io.eckermann.statemachine;

import io.eckermann.statemachine.chunk.KeptSegment;
import io.eckermann.statemachine.chunk.KeptSegments;
import io.eckermann.statemachine.storage.IndexFile;
import java.io.IOException;
import java.nio.file.Path;

/** Reads files of a snapshot before they are sent: what a disk has spoilt must not get any further. Any thread. */
public final class SnapshotCheck {
    private final KeptSegments kept;

    /** @param kept of the state whose snapshots these are */
    public SnapshotCheck(KeptSegments kept) {
        this.kept = kept;
    }

    /**
     * Reads a file through, if it is one with checksums of its own: segments and rows are, and the few small ones beside them
     * are looked at by who opens the snapshot.
     *
     * @throws IOException that names the file, when it is damaged
     */
    public void verify(Path file) throws IOException {
        if (KeptSegment.isData(file)) {
            kept.verify(file);
        } else if (IndexFile.is(file)) {
            IndexFile.verify(file);
        }
    }
}
