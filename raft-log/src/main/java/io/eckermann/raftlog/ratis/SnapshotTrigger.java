package io.eckermann.raftlog.ratis;

import io.eckermann.raftlog.RaftConfig;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Decides when the state is made durable and the log purged: after so many bytes, or after a while if anything was
 * applied. Ratis would count entries, which says little when an entry may be a hundred bytes or a million.
 *
 * <p>Ticked by one thread.
 */
final class SnapshotTrigger {
    private final RaftConfig.Snapshots settings;
    private final LongSupplier bytesSinceSnapshot;
    private final BooleanSupplier anythingNew;
    private final Runnable takeSnapshot;
    private long lastNs;

    SnapshotTrigger(
            RaftConfig.Snapshots settings,
            LongSupplier bytesSinceSnapshot,
            BooleanSupplier anythingNew,
            Runnable takeSnapshot,
            long nowNs) {
        this.settings = settings;
        this.bytesSinceSnapshot = bytesSinceSnapshot;
        this.anythingNew = anythingNew;
        this.takeSnapshot = takeSnapshot;
        this.lastNs = nowNs;
    }

    /** Called about once a second. */
    void tick(long nowNs) {
        boolean due = nowNs - lastNs >= settings.every().toNanos();
        if (bytesSinceSnapshot.getAsLong() >= settings.everyBytes() || (due && anythingNew.getAsBoolean())) {
            lastNs = nowNs;
            takeSnapshot.run();
        }
    }
}
