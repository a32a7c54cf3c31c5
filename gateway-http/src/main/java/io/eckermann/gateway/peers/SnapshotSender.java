package io.eckermann.gateway.peers;

import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.protocol.internal.v1.FetchSnapshotRequest;
import io.eckermann.protocol.internal.v1.HeldFile;
import io.eckermann.protocol.internal.v1.SnapshotInfo;
import io.eckermann.protocol.internal.v1.SnapshotPart;
import io.eckermann.statemachine.Snapshot;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the newest snapshot's files, as fast as they are taken. A snapshot is pinned by hard links while it is being
 * sent, so that newer ones may replace it meanwhile. Each sending occupies one thread of the executor.
 */
public final class SnapshotSender {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSender.class);
    private final String clusterId;
    private final PinnedSnapshot.Latest latest;
    private final Verification verification;
    private final Path pins;
    private final Executor executor;
    private final long bytesPerSecond;
    private final AtomicLong lastPin = new AtomicLong();
    /**
     * When files that were found damaged had been changed last: they are said once, and not read again for everyone who asks
     * again, until somebody has restored them.
     */
    private final Map<String, FileTime> damaged = new ConcurrentHashMap<>();

    /** Reads a file of a snapshot through, and fails when it is damaged. */
    @FunctionalInterface
    public interface Verification {
        void verify(Path file) throws IOException;
    }

    /**
     * Prepares the sender.
     *
     * @param verification of each file before it is sent
     * @param pins a directory on the snapshots' filesystem, its content worthless after a restart
     * @param bytesPerSecond to each receiver at most; 0: as much as it takes
     */
    public SnapshotSender(
            String clusterId,
            PinnedSnapshot.Latest latest,
            Verification verification,
            Path pins,
            Executor executor,
            long bytesPerSecond) {
        this.clusterId = clusterId;
        this.latest = latest;
        this.verification = verification;
        this.pins = pins;
        this.executor = executor;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Deletes what a former process left pinned. */
    public void clear() throws IOException {
        PinnedSnapshot.clear(pins);
    }

    void send(FetchSnapshotRequest request, ServerCallStreamObserver<SnapshotPart> observer) {
        SendingGate<SnapshotPart> gate = new SendingGate<>(observer, bytesPerSecond);
        observer.setOnReadyHandler(gate::changed);
        observer.setOnCancelHandler(gate::changed);
        try {
            executor.execute(() -> sendBlocking(request, gate));
        } catch (RejectedExecutionException e) {
            observer.onError(Status.UNAVAILABLE
                    .withDescription("The node is stopping, or sends other snapshots.")
                    .asRuntimeException());
        }
    }

    private void sendBlocking(FetchSnapshotRequest request, SendingGate<SnapshotPart> gate) {
        Path pin = pins.resolve(Long.toString(lastPin.incrementAndGet()));
        try (PinnedSnapshot pinned = pinned(request, pin)) {
            sendFiles(pinned, request, gate);
            gate.complete();
            LOG.info(
                    "Sent the snapshot at Raft index {}", pinned.snapshot().at().index());
        } catch (StatusRuntimeException e) {
            LOG.info("A snapshot was not sent: {}", e.getStatus());
            gate.fail(e);
        } catch (IOException | RuntimeException e) {
            LOG.warn("A snapshot could not be sent", e);
            gate.fail(Status.INTERNAL.withDescription(e.toString()).withCause(e).asRuntimeException());
        } catch (InterruptedException e) {
            gate.fail(
                    Status.UNAVAILABLE.withDescription("The node is stopping.").asRuntimeException());
            Thread.currentThread().interrupt();
        }
    }

    private PinnedSnapshot pinned(FetchSnapshotRequest request, Path pin) throws IOException {
        if (!request.getClusterId().equals(clusterId)) {
            throw Status.FAILED_PRECONDITION
                    .withDescription("This node belongs to cluster " + clusterId + ".")
                    .asRuntimeException();
        }
        PinnedSnapshot pinned = PinnedSnapshot.of(latest, pin);
        if (pinned == null || pinned.snapshot().at().index() < request.getMinRaftIndex()) {
            if (pinned != null) {
                pinned.close();
            }
            throw Status.NOT_FOUND
                    .withDescription("There is no snapshot that new.")
                    .asRuntimeException();
        }
        return pinned;
    }

    private void sendFiles(PinnedSnapshot pinned, FetchSnapshotRequest request, SendingGate<SnapshotPart> gate)
            throws IOException, InterruptedException {
        Snapshot snapshot = pinned.snapshot();
        Map<String, HeldFile> held = new HashMap<>();
        request.getHeldList().forEach(file -> held.put(file.getName(), file));
        SnapshotInfo.Builder info = SnapshotInfo.newBuilder()
                .setTerm(snapshot.at().term())
                .setRaftIndex(snapshot.at().index());
        List<Snapshot.File> files = new ArrayList<>();
        long bytes = 0;
        for (Snapshot.File file : Snapshot.files(pinned.directory(), request.getKeptRaftIndex())) {
            if (Files.getLastModifiedTime(file.path()).equals(damaged.get(name(file)))) {
                throw refused(name(file));
            }
            if (isSame(file, held.get(name(file)))) {
                info.addHeld(name(file));
            } else {
                files.add(file);
                bytes += file.bytes();
            }
        }
        gate.send(
                SnapshotPart.newBuilder()
                        .setInfo(info.setTotalBytes(bytes).setFiles(files.size()))
                        .build(),
                0);
        for (Snapshot.File file : files) {
            verify(snapshot, file);
            sendFile(file, gate);
        }
    }

    private static boolean isSame(Snapshot.File file, @Nullable HeldFile held)
            throws IOException, InterruptedException {
        return held != null && held.getBytes() == file.bytes() && held.getCrc32C() == SentFile.crc32c(file);
    }

    private void verify(Snapshot snapshot, Snapshot.File file) throws IOException {
        FileTime changed = Files.getLastModifiedTime(file.path());
        try {
            verification.verify(file.path());
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            damaged.put(name(file), changed);
            LOG.error(
                    "Nodes that need {} get no snapshot of this node any more, for it is damaged: {}. Restore the file,"
                            + " or move this node's data away and let it be rebuilt from its peers.",
                    snapshot.directory().resolve(name(file)),
                    e.getMessage());
            throw refused(name(file));
        }
    }

    private static StatusRuntimeException refused(String file) {
        return Status.DATA_LOSS
                .withDescription("The file " + file + " is damaged on this node: repair this node first.")
                .asRuntimeException();
    }

    private static String name(Snapshot.File file) {
        return file.path().getFileName().toString();
    }

    private static void sendFile(Snapshot.File file, SendingGate<SnapshotPart> gate)
            throws IOException, InterruptedException {
        String name = name(file);
        SentFile.read(file, new SentFile.Sink() {
            @Override
            public void part(long offset, byte[] bytes) throws InterruptedException {
                gate.send(
                        SnapshotPart.newBuilder()
                                .setFile(name)
                                .setOffset(offset)
                                .setData(UnsafeByteOperations.unsafeWrap(bytes))
                                .build(),
                        bytes.length);
            }

            @Override
            public void end(long length, int crc32c) throws InterruptedException {
                gate.send(
                        SnapshotPart.newBuilder()
                                .setFile(name)
                                .setOffset(length)
                                .setFileCrc32C(crc32c)
                                .setFileLength(length)
                                .build(),
                        0);
            }
        });
    }
}
