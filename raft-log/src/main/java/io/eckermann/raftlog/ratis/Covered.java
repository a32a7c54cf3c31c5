package io.eckermann.raftlog.ratis;

import io.eckermann.raftlog.SnapshotFetch;
import java.util.List;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.SnapshotInfo;

/** Says up to where the state is durable; the files travel by {@link SnapshotFetch}. */
record Covered(TermIndex termIndex) implements SnapshotInfo {
    @Override
    public TermIndex getTermIndex() {
        return termIndex;
    }

    @Override
    public List<FileInfo> getFiles() {
        return List.of();
    }
}
