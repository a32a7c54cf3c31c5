package io.eckermann.raftlog;

import io.eckermann.statemachine.RaftIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Brings another node's snapshot here; implemented where nodes talk to each other. */
public interface SnapshotFetch {
    /**
     * Downloads the newest snapshot of a node, checks every file against its checksum and fsyncs them. Blocks.
     *
     * @param nodeId whom to ask
     * @param minRaftIndex the least it must contain
     * @param kept index up to which the segments of the Raft log are here already, -1 for none: they are not sent
     * @param into holds nothing but what an earlier attempt that failed has left there: what is whole of that is not fetched
     *     again
     * @param wanted whether to go on, asked now and then on any thread: when it says no, this fails soon, whatever the other
     *     node does
     * @return the last entry the snapshot contains
     */
    RaftIndex fetch(String nodeId, long minRaftIndex, long kept, Path into, BooleanSupplier wanted) throws IOException;
}
