package io.eckermann.raftlog;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Whether the disk has room for writes; asks the disk at most once a second. Safe from any thread. */
public final class DiskWatch {
    private static final long EVERY_NS = 1_000_000_000L;

    private final LongSupplier freeBytes;
    private final LongSupplier ticksNs;
    private final Watermark mark;
    private final AtomicLong nextAskNs;
    private volatile long lastFreeBytes = Long.MAX_VALUE;
    private volatile boolean full;

    /** Watches the disk that a directory is on. */
    public DiskWatch(Path directory, long freeBytesMin) {
        this(() -> directory.toFile().getUsableSpace(), System::nanoTime, freeBytesMin);
    }

    DiskWatch(LongSupplier freeBytes, LongSupplier ticksNs, long freeBytesMin) {
        this.freeBytes = freeBytes;
        this.ticksNs = ticksNs;
        this.mark = new Watermark(freeBytesMin);
        this.nextAskNs = new AtomicLong(ticksNs.getAsLong());
    }

    /** Whether less is free than must be; see {@link Watermark}. */
    public boolean isFull() {
        long now = ticksNs.getAsLong();
        long due = nextAskNs.get();
        if (now - due >= 0 && nextAskNs.compareAndSet(due, now + EVERY_NS)) {
            lastFreeBytes = freeBytes.getAsLong();
            full = mark.isLow(lastFreeBytes);
        }
        return full;
    }

    /** As last seen. */
    public long freeBytes() {
        return lastFreeBytes;
    }
}
