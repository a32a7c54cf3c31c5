package io.eckermann.gateway.cluster;

import io.eckermann.raftlog.Watermark;
import java.nio.file.Path;

/**
 * How much room the filesystem of a node's data has. {@link #look} is called by a timer and asks the disk; the others may
 * be called from any thread and never block.
 */
public final class DiskRoom {
    private final Path directory;
    private final Watermark mark;
    private volatile long freeBytes;
    private volatile long totalBytes;
    private volatile boolean low;

    /** @param freeBytesMin with less the node takes no appends */
    public DiskRoom(Path directory, long freeBytesMin) {
        this.directory = directory;
        this.mark = new Watermark(freeBytesMin);
    }

    /** Looks anew. */
    public void look() {
        freeBytes = directory.toFile().getUsableSpace();
        totalBytes = directory.toFile().getTotalSpace();
        low = totalBytes > 0 && mark.isLow(freeBytes);
    }

    /** As of the last look; 0 before. */
    public long freeBytes() {
        return freeBytes;
    }

    /** Of the whole filesystem; 0 before the first look. */
    public long totalBytes() {
        return totalBytes;
    }

    /** Whether less is free than must be; see {@link Watermark}. */
    public boolean isLow() {
        return low;
    }
}
