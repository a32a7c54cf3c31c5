package io.eckermann.statemachine;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.chunk.BodyLog;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.chunk.ChunkSource;
import io.eckermann.statemachine.chunk.KeptSegments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All bodies: those in kept segments, and those that only the Raft log has. Safe from any thread. */
final class Bodies implements ChunkSource {
    private final KeptSegments kept;
    /** Null until the Raft log is there. */
    private volatile @Nullable BodyLog log;

    Bodies(KeptSegments kept) {
        this.kept = kept;
    }

    KeptSegments kept() {
        return kept;
    }

    void attach(BodyLog bodyLog) {
        kept.checkedBy(bodyLog::verify);
        log = bodyLog;
    }

    @Override
    public List<@Nullable ByteString> find(List<ChunkAddress> addresses) {
        List<@Nullable ByteString> found = new ArrayList<>(kept.find(addresses));
        BodyLog live = log;
        if (live != null) {
            fill(found, addresses, live);
            // What was not kept at first may have been kept, and purged from the log, just now.
            fill(found, addresses, kept);
        } else if (found.contains(null)) {
            throw new StoreException(ErrorCode.NOT_READY, "The Raft log is not open yet: ask another node.");
        }
        return found;
    }

    private static void fill(List<@Nullable ByteString> found, List<ChunkAddress> addresses, ChunkSource source) {
        List<ChunkAddress> missing = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i) == null) {
                missing.add(addresses.get(i));
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        List<@Nullable ByteString> more = source.find(missing);
        int next = 0;
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i) == null) {
                found.set(i, more.get(next++));
            }
        }
    }

    /** Takes over the segments of a downloaded snapshot, once the log has found them whole. */
    void adopt(Path snapshot, long raftIndex) throws IOException {
        kept.adopt(snapshot, raftIndex);
    }

    /** Brings the kept segments up to the entry. */
    void keep(long raftIndex) throws IOException {
        BodyLog live = log;
        if (live != null) {
            live.keep(raftIndex);
        }
    }
}
