package io.eckermann.gateway.grpc;

import io.eckermann.gateway.grpc.BackupsService.ShardSource;
import io.eckermann.gateway.grpc.BackupsService.Source;
import io.eckermann.gateway.peers.PinnedSnapshot;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.CopyFile;
import io.eckermann.protocol.v1.CopyList;
import io.eckermann.protocol.v1.CopyShard;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.Snapshot;
import io.eckermann.statemachine.chunk.KeptSegment;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Pinned snapshots of all shards of a node. The first shard's is made last: it says where each topic is before the topic is
 * made, so no topic of the others is missing in it. Used by one thread.
 */
final class PinnedCopy implements AutoCloseable {
    private final Source source;
    private final long timeNs;
    /** From the last shard to the first. */
    private final List<PinnedSnapshot> pinned = new ArrayList<>();

    /** A file of it. */
    record File(int shard, Snapshot.File file) {
        String name() {
            return String.valueOf(file.path().getFileName());
        }
    }

    private PinnedCopy(Source source, long timeNs) {
        this.source = source;
        this.timeNs = timeNs;
    }

    /** @param name of the pins' directories; nobody had it before */
    static PinnedCopy of(Source source, String name, Clock clock) throws IOException {
        PinnedCopy copy = new PinnedCopy(source, clock.millis() * 1_000_000);
        try {
            for (int shard = source.shards().size() - 1; shard >= 0; shard--) {
                copy.pin(source.shards().get(shard), name);
            }
            return copy;
        } catch (IOException | RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    private void pin(ShardSource shard, String name) throws IOException {
        shard.fresh().run();
        PinnedSnapshot snapshot = PinnedSnapshot.of(shard.latest(), shard.pins().resolve(name));
        if (snapshot == null) {
            throw new StoreException(ErrorCode.NOT_READY, "There is nothing to copy yet: try again later.");
        }
        pinned.add(snapshot);
    }

    private PinnedSnapshot ofShard(int shard) {
        return pinned.get(pinned.size() - 1 - shard);
    }

    RaftIndex at(int shard) {
        return ofShard(shard).snapshot().at();
    }

    /** All files, in the order of the list. */
    List<File> files() throws IOException {
        List<File> files = new ArrayList<>();
        for (int shard = 0; shard < pinned.size(); shard++) {
            for (Snapshot.File file : Snapshot.files(ofShard(shard).directory(), -1)) {
                files.add(new File(shard, file));
            }
        }
        return files;
    }

    CopyList list(List<File> files) throws IOException {
        CopyList.Builder list = CopyList.newBuilder()
                .setClusterId(source.clusterId())
                .setNodeId(source.nodeId())
                .setVersion(source.version())
                .setTimeNs(timeNs);
        for (int shard = 0; shard < pinned.size(); shard++) {
            list.addShards(CopyShard.newBuilder()
                    .setTerm(at(shard).term())
                    .setRaftIndex(at(shard).index()));
        }
        for (File each : files) {
            list.addFiles(CopyFile.newBuilder()
                    .setShard(each.shard())
                    .setName(each.name())
                    .setBytes(each.file().bytes())
                    .setMark(KeptSegment.mark(each.file().path())));
        }
        return list.build();
    }

    /** Reads a file through; fails when it is damaged. */
    void verify(File file) throws IOException {
        source.shards().get(file.shard()).verification().verify(file.file().path());
    }

    @Override
    public void close() {
        pinned.forEach(PinnedSnapshot::close);
    }
}
