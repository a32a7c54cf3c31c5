package io.eckermann.gateway.metrics;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** How much room the disk of the node's data has. */
public final class RoomSource implements Source {
    private final LongSupplier freeBytes;
    private final LongSupplier totalBytes;
    private final BooleanSupplier low;

    /** @param low whether less is free than must be for appends */
    public RoomSource(LongSupplier freeBytes, LongSupplier totalBytes, BooleanSupplier low) {
        this.freeBytes = freeBytes;
        this.totalBytes = totalBytes;
        this.low = low;
    }

    @Override
    public void tell(Samples samples) {
        samples.gauge(
                "eckermann_disk_free_bytes",
                "What is free on the filesystem of the node's data.",
                freeBytes.getAsLong());
        samples.gauge("eckermann_disk_size_bytes", "Size of that filesystem.", totalBytes.getAsLong());
        samples.gauge(
                "eckermann_disk_low",
                "1 while less is free than disk.free-min, until an eighth more is: it takes no appends then.",
                low.getAsBoolean() ? 1 : 0);
    }
}
