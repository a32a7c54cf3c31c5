package org.apache.ratis.server.raftlog.segmented;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.server.raftlog.LogProtoUtils;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** Writes and reads a segment with whatever classes of Ratis its class loader has; no test itself. */
public final class SegmentCopy {
    /** Writes entries of all sorts of sizes to a file. */
    public static final class Writer implements BiFunction<Path, Integer, Boolean> {
        @Override
        public Boolean apply(Path file, Integer entries) {
            Random random = new Random(7);
            try (SegmentedRaftLogOutputStream out = new SegmentedRaftLogOutputStream(
                    file.toFile(), false, 1 << 20, 1 << 12, ByteBuffer.allocateDirect(1 << 18))) {
                for (int i = 0; i < entries; i++) {
                    byte[] payload = new byte[i < 200 ? i : random.nextInt(i % 10 == 0 ? 200_000 : 20_000)];
                    random.nextBytes(payload);
                    out.write(entry(i, ByteString.copyFrom(payload)));
                }
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static LogEntryProto entry(long index, ByteString payload) {
            return LogEntryProto.newBuilder()
                    .setTerm(3)
                    .setIndex(index)
                    .setStateMachineLogEntry(
                            StateMachineLogEntryProto.newBuilder().setLogData(payload))
                    .build();
        }
    }

    /** Reads a file written so, and says how many entries were whole. */
    public static final class Reader implements Function<Path, Integer> {
        @Override
        @SuppressWarnings("NullAway") // Ratis takes null for "no metrics".
        public Integer apply(Path file) {
            int entries = 0;
            LogSegmentStartEnd range = LogSegmentStartEnd.valueOf(0);
            try (SegmentedRaftLogInputStream in = new SegmentedRaftLogInputStream(
                    file.toFile(), range, org.apache.ratis.util.SizeInBytes.ONE_MB, null)) {
                for (LogEntryProto entry = in.nextEntry(); entry != null; entry = in.nextEntry()) {
                    if (entry.getIndex() != entries) {
                        throw new IllegalStateException(LogProtoUtils.toLogEntryString(entry));
                    }
                    entries++;
                }
                return entries;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private SegmentCopy() {}
}
