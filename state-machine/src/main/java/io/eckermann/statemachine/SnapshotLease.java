package io.eckermann.statemachine;

import java.util.concurrent.atomic.AtomicBoolean;

/** Keeps a snapshot's files in place while they are read. Closing it twice is fine; from any thread. */
public final class SnapshotLease implements AutoCloseable {
    private final Snapshot snapshot;
    private final Runnable release;
    private final AtomicBoolean open = new AtomicBoolean(true);

    SnapshotLease(Snapshot snapshot, Runnable release) {
        this.snapshot = snapshot;
        this.release = release;
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            release.run();
        }
    }
}
