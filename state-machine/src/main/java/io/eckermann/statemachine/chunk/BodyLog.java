package io.eckermann.statemachine.chunk;

import java.io.IOException;
import java.nio.file.Path;

/** The Raft log as the state machine knows it: the bodies of applied entries lie there until they are kept. */
public interface BodyLog extends ChunkSource {
    /**
     * Brings the kept segments up to an applied entry, on the disk when this returns; the log may then be purged up to
     * there.
     *
     * @param raftIndex of an entry whose log is on this node's disk
     */
    void keep(long raftIndex) throws IOException;

    /**
     * Reads a segment through that came from another node, before it is kept. A log that has checksums of its own
     * compares them; one that has none has nothing to say.
     *
     * @param data the segment's copy of the log's file
     * @param offsets what its side file says
     * @throws IOException that names the file, when it does not hold what the log wrote, or the side file is not of it
     */
    default void verify(Path data, KeptSegment segment, BodyOffsets offsets) throws IOException {}
}
