package org.apache.ratis.server.raftlog.segmented;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.MetadataProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** Writes a segment as Ratis does. */
public final class SegmentWriter {
    private static final ByteBuffer BUFFER = ByteBuffer.allocateDirect(4 << 20);

    private SegmentWriter() {}

    /**
     * Writes a file anew.
     *
     * @param first index of the first entry
     * @param commands an entry's command; where it is empty, Ratis logs something of its own
     */
    public static synchronized void write(Path file, long first, List<byte[]> commands) throws IOException {
        BUFFER.clear();
        try (SegmentedRaftLogOutputStream out =
                new SegmentedRaftLogOutputStream(file.toFile(), false, 64 << 20, 256 << 10, BUFFER)) {
            for (int i = 0; i < commands.size(); i++) {
                out.write(entry(first + i, commands.get(i)));
            }
        }
    }

    private static LogEntryProto entry(long index, byte[] command) {
        LogEntryProto.Builder entry =
                LogEntryProto.newBuilder().setTerm(1 + index / 7).setIndex(index);
        if (command.length > 0) {
            entry.setStateMachineLogEntry(StateMachineLogEntryProto.newBuilder()
                    .setLogData(ByteString.copyFrom(command))
                    .setClientId(ByteString.copyFromUtf8("a client's id"))
                    .setCallId(index));
        } else if (index % 2 == 0) {
            entry.setMetadataEntry(MetadataProto.newBuilder().setCommitIndex(index));
        } else {
            entry.setConfigurationEntry(RaftConfigurationProto.newBuilder()
                    .addPeers(RaftPeerProto.newBuilder()
                            .setId(ByteString.copyFromUtf8("n1"))
                            .setAddress("127.0.0.1:7403")));
        }
        return entry.build();
    }
}
