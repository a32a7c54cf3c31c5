package io.eckermann.gateway.peers;

import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.protocol.internal.v1.FetchSnapshotRequest;
import io.eckermann.protocol.internal.v1.SnapshotInfo;
import io.eckermann.protocol.internal.v1.SnapshotPart;
import io.eckermann.statemachine.Snapshot;
import io.eckermann.statemachine.chunk.KeptSegment;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the newest snapshot's files, as fast as they are taken. A snapshot is pinned by hard links while it is being
 * sent, so that newer ones may replace it meanwhile. Each sending occupies one thread of the executor.
 */
public final class SnapshotSender {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSender.class);
    private static final int PART_BYTES = 256 << 10;

    private final String clusterId;
    private final Supplier<@Nullable Snapshot> latest;
    private final Verification verification;
    private final Path pins;
    private final Executor executor;
    private final AtomicLong lastPin = new AtomicLong();
    /** Names of segments that were found damaged: said once, and not read again for everyone who asks again. */
    private final Set<String> damaged = ConcurrentHashMap.newKeySet();

    /** Reads a segment of the Raft log through, and fails when it is damaged. */
    @FunctionalInterface
    public interface Verification {
        void verify(Path segment) throws IOException;
    }

    /**
     * Prepares the sender.
     *
     * @param verification of each segment before it is sent
     * @param pins a directory on the snapshots' filesystem, its content worthless after a restart
     */
    public SnapshotSender(
            String clusterId,
            Supplier<@Nullable Snapshot> latest,
            Verification verification,
            Path pins,
            Executor executor) {
        this.clusterId = clusterId;
        this.latest = latest;
        this.verification = verification;
        this.pins = pins;
        this.executor = executor;
    }

    /** Deletes what a former process left pinned. */
    public void clear() throws IOException {
        if (Files.isDirectory(pins)) {
            try (Stream<Path> left = Files.list(pins)) {
                for (Path pin : left.toList()) {
                    delete(pin);
                }
            }
        }
    }

    void send(FetchSnapshotRequest request, ServerCallStreamObserver<SnapshotPart> observer) {
        Gate gate = new Gate(observer);
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

    private void sendBlocking(FetchSnapshotRequest request, Gate gate) {
        Path pin = pins.resolve(Long.toString(lastPin.incrementAndGet()));
        try {
            if (!request.getClusterId().equals(clusterId)) {
                throw Status.FAILED_PRECONDITION
                        .withDescription("This node belongs to cluster " + clusterId + ".")
                        .asRuntimeException();
            }
            Snapshot snapshot = pin(pin);
            if (snapshot == null || snapshot.at().index() < request.getMinRaftIndex()) {
                throw Status.NOT_FOUND
                        .withDescription("There is no snapshot that new.")
                        .asRuntimeException();
            }
            sendFiles(snapshot, pin, request.getKeptRaftIndex(), gate);
            gate.observer.onCompleted();
            LOG.info("Sent the snapshot at Raft index {}", snapshot.at().index());
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
        } finally {
            delete(pin);
        }
    }

    /** Links the files of the newest snapshot; a newer one may replace it in the middle, then that is taken. */
    private @Nullable Snapshot pin(Path pin) throws IOException {
        while (true) {
            Snapshot snapshot = latest.get();
            if (snapshot == null) {
                return null;
            }
            Files.createDirectories(pin);
            try (Stream<Path> files = Files.list(snapshot.directory())) {
                for (Path file : files.toList()) {
                    Files.createLink(pin.resolve(file.getFileName()), file);
                }
                if (snapshot.equals(latest.get())) {
                    return snapshot;
                }
            } catch (NoSuchFileException e) {
                if (snapshot.equals(latest.get())) {
                    throw e;
                }
            }
            delete(pin);
        }
    }

    private void sendFiles(Snapshot snapshot, Path pin, long kept, Gate gate) throws IOException, InterruptedException {
        List<Snapshot.File> files = Snapshot.files(pin, kept);
        for (Snapshot.File file : files) {
            if (damaged.contains(name(file))) {
                throw refused(name(file));
            }
        }
        gate.send(SnapshotPart.newBuilder()
                .setInfo(SnapshotInfo.newBuilder()
                        .setTerm(snapshot.at().term())
                        .setRaftIndex(snapshot.at().index())
                        .setTotalBytes(
                                files.stream().mapToLong(Snapshot.File::bytes).sum())
                        .setFiles(files.size()))
                .build());
        for (Snapshot.File file : files) {
            if (KeptSegment.isData(file.path())) {
                verify(snapshot, file);
            }
            sendFile(file, gate);
        }
    }

    private void verify(Snapshot snapshot, Snapshot.File file) throws IOException {
        try {
            verification.verify(file.path());
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            damaged.add(name(file));
            LOG.error(
                    "Nodes that need {} get no snapshot of this node any more, for it is damaged: {}. Restore the file,"
                            + " or move this node's data away and let it be rebuilt from its peers.",
                    snapshot.directory().resolve(name(file)),
                    e.getMessage());
            throw refused(name(file));
        }
    }

    private static StatusRuntimeException refused(String segment) {
        return Status.DATA_LOSS
                .withDescription("The segment " + segment + " is damaged on this node: repair this node first.")
                .asRuntimeException();
    }

    private static String name(Snapshot.File file) {
        return file.path().getFileName().toString();
    }

    private static void sendFile(Snapshot.File file, Gate gate) throws IOException, InterruptedException {
        CRC32C crc = new CRC32C();
        long offset = 0;
        String name = name(file);
        try (InputStream in = Files.newInputStream(file.path())) {
            while (offset < file.bytes()) {
                byte[] bytes = in.readNBytes((int) Math.min(PART_BYTES, file.bytes() - offset));
                if (bytes.length == 0) {
                    throw new EOFException(file.path() + " is shorter than " + file.bytes() + " bytes");
                }
                crc.update(bytes);
                gate.send(SnapshotPart.newBuilder()
                        .setFile(name)
                        .setOffset(offset)
                        .setData(UnsafeByteOperations.unsafeWrap(bytes))
                        .build());
                offset += bytes.length;
            }
        }
        gate.send(SnapshotPart.newBuilder()
                .setFile(name)
                .setOffset(offset)
                .setFileCrc32C((int) crc.getValue())
                .setFileLength(offset)
                .build());
    }

    private static void delete(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<Path> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            all.addAll(files.toList());
            all.add(directory);
            for (Path path : all) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.warn("The directory {} could not be deleted; it is safe to do so by hand", directory, e);
        }
    }

    /** Lets the sending thread wait until the receiver takes more. */
    private static final class Gate {
        private final ServerCallStreamObserver<SnapshotPart> observer;

        Gate(ServerCallStreamObserver<SnapshotPart> observer) {
            this.observer = observer;
        }

        synchronized void changed() {
            notifyAll();
        }

        void send(SnapshotPart part) throws InterruptedException {
            synchronized (this) {
                while (!observer.isReady() && !observer.isCancelled()) {
                    wait(1_000);
                }
            }
            if (observer.isCancelled()) {
                throw Status.CANCELLED.withDescription("The receiver left.").asRuntimeException();
            }
            observer.onNext(part);
        }

        void fail(StatusRuntimeException failure) {
            if (!observer.isCancelled()) {
                observer.onError(failure);
            }
        }
    }
}
