package io.eckermann.statemachine.chunk;

import java.io.IOException;

/** The Raft log as the state machine knows it: the bodies of applied entries lie there until they are kept. */
public interface BodyLog extends ChunkSource {
    /**
     * Brings the kept segments up to an applied entry, on the disk when this returns; the log may then be purged up to
     * there.
     *
     * @param raftIndex of an entry whose log is on this node's disk
     */
    void keep(long raftIndex) throws IOException;
}
