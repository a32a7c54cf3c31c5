package io.eckermann.gateway.grpc;

import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.gateway.peers.PinnedSnapshot;
import io.eckermann.gateway.peers.SendingGate;
import io.eckermann.gateway.peers.SentFile;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.CopyData;
import io.eckermann.protocol.v1.CopyFile;
import io.eckermann.protocol.v1.CopyList;
import io.eckermann.protocol.v1.CopyPart;
import io.eckermann.protocol.v1.CopyRequest;
import io.eckermann.protocol.v1.CopyWanted;
import io.eckermann.statemachine.Snapshot;
import io.eckermann.statemachine.chunk.KeptSegment;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One copy on its way: the list, then what is wanted of it. Requests come one at a time; one thread sends. */
final class CopyCall implements StreamObserver<CopyRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(CopyCall.class);
    /** The receiver looks through what it has. */
    private static final long CHOICE_MINUTES = 10;

    private final BackupsService service;
    private final ServerCallStreamObserver<CopyPart> observer;
    private final CompletableFuture<CopyWanted> wanted = new CompletableFuture<>();
    private volatile SendingGate<CopyPart> gate;
    private boolean started;

    CopyCall(BackupsService service, ServerCallStreamObserver<CopyPart> observer) {
        this.service = service;
        this.observer = observer;
        this.gate = new SendingGate<>(observer, 0);
        observer.setOnReadyHandler(() -> gate.changed());
        observer.setOnCancelHandler(this::cancelled);
    }

    @Override
    public void onNext(CopyRequest request) {
        if (request.hasStart() && !started) {
            started = true;
            try {
                service.run(() -> send(request.getStart().getShard()));
            } catch (StoreException e) {
                gate.fail(GrpcErrors.toStatus(e));
            }
        } else if (request.hasWanted() && started) {
            wanted.complete(request.getWanted());
        } else {
            gate.fail(GrpcErrors.toStatus(
                    new StoreException(ErrorCode.BAD_REQUEST, "A copy is started once, then files are named once.")));
        }
    }

    private void cancelled() {
        wanted.cancel(false);
        gate.changed();
    }

    @Override
    public void onError(Throwable failure) {
        cancelled();
    }

    @Override
    public void onCompleted() {
        if (!wanted.isDone()) {
            wanted.cancel(false);
        }
    }

    private void send(int shard) {
        try (PinnedSnapshot pinned = service.pin(shard)) {
            Map<String, Snapshot.File> files = new LinkedHashMap<>();
            for (Snapshot.File file : Snapshot.files(pinned.directory(), -1)) {
                files.put(name(file), file);
            }
            gate.send(CopyPart.newBuilder().setList(list(shard, pinned, files)).build(), 0);
            CopyWanted choice = wanted.get(CHOICE_MINUTES, TimeUnit.MINUTES);
            gate = new SendingGate<>(observer, Math.max(0, choice.getBytesPerSecond()));
            for (String name : choice.getFilesList()) {
                Snapshot.File file = files.get(name);
                if (file == null) {
                    throw new StoreException(ErrorCode.BAD_REQUEST, "A file that is wanted is not in the list.")
                            .with("file", name);
                }
                send(file);
            }
            gate.complete();
            LOG.info(
                    "Sent {} files of a copy at Raft index {}",
                    choice.getFilesCount(),
                    pinned.snapshot().at().index());
        } catch (IOException | RuntimeException | ExecutionException | TimeoutException e) {
            if (!observer.isCancelled() && !(e instanceof CancellationException)) {
                LOG.warn("A copy could not be sent", e);
            }
            gate.fail(GrpcErrors.toStatus(e));
        } catch (InterruptedException e) {
            gate.fail(GrpcErrors.toStatus(new StoreException(ErrorCode.NOT_READY, "The node is stopping.")));
            Thread.currentThread().interrupt();
        }
    }

    private CopyList list(int shard, PinnedSnapshot pinned, Map<String, Snapshot.File> files) throws IOException {
        CopyList.Builder list = CopyList.newBuilder()
                .setClusterId(service.source().clusterId())
                .setNodeId(service.source().nodeId())
                .setVersion(service.source().version())
                .setShard(shard)
                .setTerm(pinned.snapshot().at().term())
                .setRaftIndex(pinned.snapshot().at().index())
                .setTimeNs(service.nowNs());
        for (Map.Entry<String, Snapshot.File> file : files.entrySet()) {
            list.addFiles(CopyFile.newBuilder()
                    .setName(file.getKey())
                    .setBytes(file.getValue().bytes())
                    .setMark(KeptSegment.mark(file.getValue().path())));
        }
        return list.build();
    }

    private void send(Snapshot.File file) throws IOException, InterruptedException {
        String name = name(file);
        verify(file);
        SentFile.read(file, new SentFile.Sink() {
            @Override
            public void part(long offset, byte[] bytes) throws InterruptedException {
                send(CopyData.newBuilder()
                        .setFile(name)
                        .setOffset(offset)
                        .setData(UnsafeByteOperations.unsafeWrap(bytes)));
            }

            @Override
            public void end(long length, int crc32c) throws InterruptedException {
                send(CopyData.newBuilder().setFile(name).setOffset(length).setFileCrc32C(crc32c));
            }
        });
    }

    private void send(CopyData.Builder data) throws InterruptedException {
        gate.send(CopyPart.newBuilder().setData(data).build(), data.getData().size());
    }

    /** What this node's disk has spoilt must not get into a backup. */
    private void verify(Snapshot.File file) throws IOException {
        try {
            service.verification().verify(file.path());
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            LOG.error("A file is damaged on this node, so no copy was sent", e);
            throw new StoreException(
                            ErrorCode.DATA_CORRUPT, "A file of this node is damaged: take the copy of another.", e)
                    .with("file", name(file));
        }
    }

    private static String name(Snapshot.File file) {
        return String.valueOf(file.path().getFileName());
    }
}
