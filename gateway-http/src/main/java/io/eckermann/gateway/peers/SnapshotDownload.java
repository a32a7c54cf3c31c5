package io.eckermann.gateway.peers;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.internal.v1.FetchSnapshotRequest;
import io.eckermann.protocol.internal.v1.HeldFile;
import io.eckermann.protocol.internal.v1.PeersGrpc;
import io.eckermann.protocol.internal.v1.SnapshotInfo;
import io.eckermann.protocol.internal.v1.SnapshotPart;
import io.eckermann.raftlog.SnapshotFetch;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.storage.DurableFiles;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads another node's snapshot; gives up when nothing comes for a while, or it is not wanted any more. Files have a name of their own once they are
 * whole and on the disk: those stay when it gives up, and are not sent again.
 */
public final class SnapshotDownload implements SnapshotFetch {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotDownload.class);
    private static final Duration STALLED_AFTER = Duration.ofSeconds(30);
    private static final long LOOK_MS = 200;
    private static final int PART_BYTES = 256 << 10;
    /** A disk that is handed a whole file at once lets the log wait, of this node and of others on the same disk. */
    private static final long UNFORCED_BYTES_MAX = 8L << 20;

    /** Of files that are not whole yet. */
    private static final String DRAFT = ".part";

    private final String clusterId;
    private final int shard;
    private final PeerChannels channels;
    private final ScheduledExecutorService timer;

    /** Of the first shard. */
    public SnapshotDownload(String clusterId, PeerChannels channels, ScheduledExecutorService timer) {
        this(clusterId, 0, channels, timer);
    }

    public SnapshotDownload(String clusterId, int shard, PeerChannels channels, ScheduledExecutorService timer) {
        this.shard = shard;
        this.clusterId = clusterId;
        this.channels = channels;
        this.timer = timer;
    }

    @Override
    public RaftIndex fetch(String nodeId, long minRaftIndex, long kept, Path into, BooleanSupplier wanted)
            throws IOException {
        if (!channels.knows(nodeId)) {
            throw new IOException("no snapshot can be fetched from " + nodeId + ": it is not among nodes");
        }
        FetchSnapshotRequest request = FetchSnapshotRequest.newBuilder()
                .setClusterId(clusterId)
                .setMinRaftIndex(minRaftIndex)
                .setKeptRaftIndex(kept)
                .setShard(shard)
                .addAllHeld(held(into))
                .build();
        try (Download download = new Download(into)) {
            return download.run(nodeId, request, wanted);
        } catch (StatusRuntimeException e) {
            throw new IOException("the snapshot of " + nodeId + " did not come: " + e.getStatus(), e);
        }
    }

    /** What an earlier attempt has left; of a file that broke off nothing. */
    private static List<HeldFile> held(Path into) throws IOException {
        List<HeldFile> held = new ArrayList<>();
        for (Path file : DurableFiles.list(into)) {
            if (file.toString().endsWith(DRAFT)) {
                Files.delete(file);
            } else {
                held.add(HeldFile.newBuilder()
                        .setName(String.valueOf(file.getFileName()))
                        .setBytes(Files.size(file))
                        .setCrc32C(crc32c(file))
                        .build());
            }
        }
        return held;
    }

    private static int crc32c(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] part = new byte[PART_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                crc.update(part, 0, read);
            }
        }
        return (int) crc.getValue();
    }

    /** One download. Used by the calling thread, but for the watch over its progress. */
    private final class Download implements AutoCloseable {
        private final Path into;
        private final CRC32C crc = new CRC32C();
        private @Nullable FileChannel file;
        private String name = "";
        private long length;
        private long forced;
        private volatile long lastProgressNs = System.nanoTime();

        Download(Path into) {
            this.into = into;
        }

        RaftIndex run(String nodeId, FetchSnapshotRequest request, BooleanSupplier wanted) throws IOException {
            Context.CancellableContext context = Context.current().withCancellation();
            Future<?> watch = timer.scheduleWithFixedDelay(
                    () -> cancelIfUseless(context, wanted), LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
            Context previous = context.attach();
            try {
                channels.reconnect(nodeId);
                return receive(
                        nodeId,
                        PeersGrpc.newBlockingStub(channels.channel(nodeId)).fetchSnapshot(request));
            } finally {
                context.detach(previous);
                context.cancel(null);
                watch.cancel(false);
            }
        }

        private void cancelIfUseless(Context.CancellableContext context, BooleanSupplier wanted) {
            if (!wanted.getAsBoolean()) {
                context.cancel(new IOException("it is not wanted any more"));
            }
            if (System.nanoTime() - lastProgressNs > STALLED_AFTER.toNanos()) {
                context.cancel(new IOException("nothing came for " + STALLED_AFTER.toSeconds() + " s"));
            }
        }

        private RaftIndex receive(String nodeId, Iterator<SnapshotPart> parts) throws IOException {
            if (!parts.hasNext()) {
                throw new IOException("the snapshot of " + nodeId + " is empty");
            }
            SnapshotInfo info = parts.next().getInfo();
            LOG.info(
                    "Fetching {} bytes of a snapshot at Raft index {} from {}; {} of its files are here already",
                    info.getTotalBytes(),
                    info.getRaftIndex(),
                    nodeId,
                    info.getHeldCount());
            keepOnly(Set.copyOf(info.getHeldList()));
            int files = 0;
            long bytes = 0;
            while (parts.hasNext()) {
                SnapshotPart part = parts.next();
                lastProgressNs = System.nanoTime();
                write(part);
                bytes += part.getData().size();
                if (part.hasFileCrc32C()) {
                    finish(part);
                    files++;
                }
            }
            if (file != null || files != info.getFiles() || bytes != info.getTotalBytes()) {
                throw new IOException("the snapshot of " + nodeId + " ended too early");
            }
            DurableFile.syncDirectory(into);
            return new RaftIndex(info.getTerm(), info.getRaftIndex());
        }

        /** What else is here belongs to an older snapshot, or to another node's. */
        private void keepOnly(Set<String> names) throws IOException {
            for (Path each : DurableFiles.list(into)) {
                if (!names.contains(String.valueOf(each.getFileName()))) {
                    Files.delete(each);
                }
            }
        }

        private void write(SnapshotPart part) throws IOException {
            FileChannel out = file;
            if (out == null) {
                name = part.getFile();
                if (name.isEmpty() || !Path.of(name).equals(Path.of(name).getFileName()) || name.startsWith(".")) {
                    throw new IOException("a snapshot can't hold a file named " + name);
                }
                out = FileChannel.open(
                        into.resolve(name + DRAFT), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                file = out;
                length = 0;
                forced = 0;
                crc.reset();
            }
            if (!part.getFile().equals(name) || part.getOffset() != length) {
                throw new IOException("the parts of a snapshot are out of order at " + part.getFile());
            }
            ByteString data = part.getData();
            for (ByteBuffer buffer : data.asReadOnlyByteBufferList()) {
                crc.update(buffer.duplicate());
                while (buffer.hasRemaining()) {
                    length += out.write(buffer);
                }
            }
            if (length - forced >= UNFORCED_BYTES_MAX) {
                out.force(false);
                forced = length;
            }
        }

        private void finish(SnapshotPart last) throws IOException {
            FileChannel done = Objects.requireNonNull(file);
            if ((int) crc.getValue() != last.getFileCrc32C() || length != last.getFileLength()) {
                throw new IOException("the file " + name + " of a snapshot was damaged on its way");
            }
            done.force(true);
            done.close();
            file = null;
            Files.move(into.resolve(name + DRAFT), into.resolve(name));
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                file.close();
            }
        }
    }
}
