package io.eckermann.raftlog;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Whether the processors of this machine, or the share of them that this container may use, are busy; by all programs, as
 * of at most half a second ago. Any thread.
 */
final class BusyProcessors implements BooleanSupplier {
    /** Above that part of all processors, new work waits for a processor more often than not. */
    private static final double BUSY = 0.85;
    /** Short against what makes a load, long against the reading of a file of the kernel that a look costs. */
    private static final long LOOK_EVERY_NS = 500_000_000;

    private final DoubleSupplier load;
    private final LongSupplier elapsedNs;
    // Both guarded by this.
    private long lookedNs;
    private boolean busy;

    BusyProcessors() {
        this(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)::getCpuLoad, System::nanoTime);
    }

    /** @param load from 0 to 1 since it was last asked for, or negative when nobody can tell, which is not busy */
    BusyProcessors(DoubleSupplier load, LongSupplier elapsedNs) {
        this.load = load;
        this.elapsedNs = elapsedNs;
        this.lookedNs = elapsedNs.getAsLong();
    }

    @Override
    public synchronized boolean getAsBoolean() {
        long nowNs = elapsedNs.getAsLong();
        if (nowNs - lookedNs >= LOOK_EVERY_NS) {
            lookedNs = nowNs;
            busy = load.getAsDouble() > BUSY;
        }
        return busy;
    }
}
