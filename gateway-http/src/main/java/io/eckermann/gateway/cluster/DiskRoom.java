package io.eckermann.gateway.cluster;

import java.nio.file.Path;

/**
 * How much room the filesystem of a node's data has. {@link #look} is called by a timer and asks the disk; the others may
 * be called from any thread and never block.
 */
public final class DiskRoom {
    private final Path directory;
    private final long freeBytesMin;
    private volatile long freeBytes;
    private volatile long totalBytes;

    /** @param freeBytesMin with less the node takes no appends */
    public DiskRoom(Path directory, long freeBytesMin) {
        this.directory = directory;
        this.freeBytesMin = freeBytesMin;
    }

    /** Looks anew. */
    public void look() {
        freeBytes = directory.toFile().getUsableSpace();
        totalBytes = directory.toFile().getTotalSpace();
    }

    /** As of the last look; 0 before. */
    long freeBytes() {
        return freeBytes;
    }

    /** Of the whole filesystem; 0 before the first look. */
    long totalBytes() {
        return totalBytes;
    }

    boolean isLow() {
        return totalBytes > 0 && freeBytes < freeBytesMin;
    }
}
