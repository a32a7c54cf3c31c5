package io.eckermann.bench.shards;

import java.util.ArrayList;
import java.util.List;

/** One node's log of one shard: what comes while it forces is written and forced together next. One thread. */
final class LogWriter {
    private final Disk disk;
    private List<Runnable> waiting = new ArrayList<>();
    private double waitingBytes;
    private boolean forcing;

    /** Writes and forces. */
    interface Disk {
        void force(double bytes, Runnable done);
    }

    LogWriter(Disk disk) {
        this.disk = disk;
    }

    void write(double bytes, Runnable forced) {
        waiting.add(forced);
        waitingBytes += bytes;
        force();
    }

    private void force() {
        if (forcing || waiting.isEmpty()) {
            return;
        }
        List<Runnable> those = waiting;
        waiting = new ArrayList<>();
        double bytes = waitingBytes;
        waitingBytes = 0;
        forcing = true;
        disk.force(bytes, () -> {
            forcing = false;
            those.forEach(Runnable::run);
            force();
        });
    }
}
