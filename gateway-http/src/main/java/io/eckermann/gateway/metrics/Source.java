package io.eckermann.gateway.metrics;

/** Knows some of a node's numbers. From any thread; may touch the disk, but does no more for more events. */
public interface Source {
    /** Tells them as they are now. */
    void tell(Samples samples);
}
